package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupSettings;
import dev.switchover.dualwrite.export.ExportSettings;
import dev.switchover.dualwrite.preflight.Finding;
import dev.switchover.dualwrite.preflight.Preflight;
import dev.switchover.dualwrite.preflight.PreflightReport;
import dev.switchover.json.JsonSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The way in.
 *
 * <pre>{@code
 * try (SwitchoverStorage storage = Switchover.builder()
 *         .directory(Path.of("data"))
 *         .environment(System.getenv())
 *         .collection(expenses)
 *         .open()) {
 *     Repository<Expense, Long> repository = storage.repository(expenses);
 * }
 * }</pre>
 */
public final class Switchover {

    private Switchover() {}

    public static Builder builder() {
        return new Builder();
    }

    /** Not thread-safe. */
    public static final class Builder {

        private @Nullable Path directory;
        private Map<String, String> environment = Map.of();
        private @Nullable DataSource dataSource;
        private final List<CollectionDefinition<?, ?>> collections = new ArrayList<>();
        private Clock clock = Clock.systemUTC();
        private CopyProgress progress = step -> {};
        private UnaryOperator<JsonSettings> json = UnaryOperator.identity();
        private UnaryOperator<BackupSettings> backups = UnaryOperator.identity();
        private UnaryOperator<ExportSettings> exports = UnaryOperator.identity();
        private ZoneId scheduleZone = ZoneId.systemDefault();
        private @Nullable CallListener calls;

        private Builder() {}

        /**
         * Where the JSON files are, or will be. One process writes a directory. Without one only {@code DB_ONLY} can be served, as
         * after JSON was retired.
         */
        public Builder directory(Path jsonDirectory) {
            this.directory = jsonDirectory;
            return this;
        }

        /**
         * Where flags and settings come from: {@code FF_*}, {@code DATABASE_URL}, {@code SWITCHOVER_*}. Usually {@code
         * System.getenv()}.
         */
        public Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /**
         * A pool of the host's, instead of one made from {@code DATABASE_URL}. Its timeouts are then the host's: without a
         * socket timeout a stopped server hangs a call for ever. It is not closed with the storage.
         */
        public Builder dataSource(DataSource pool) {
            this.dataSource = pool;
            return this;
        }

        /**
         * Changes how the JSON store works: {@code json(settings -> settings.withMaximumStaleness(Duration.ofMinutes(5)))}. What
         * a {@code SWITCHOVER_} variable says goes before it. The directory stays the one given to {@link #directory}.
         */
        public Builder json(UnaryOperator<JsonSettings> change) {
            this.json = change;
            return this;
        }

        /**
         * Changes where backups go, and how: {@code backups(settings -> settings.withEncoding(BackupEncoding.GZIP))}. What a {@code
         * SWITCHOVER_} variable says goes before it. They go into the folder {@code backups} of the directory otherwise.
         */
        public Builder backups(UnaryOperator<BackupSettings> change) {
            this.backups = change;
            return this;
        }

        /**
         * Says when exports are made by themselves, and where to: {@code exports(settings ->
         * settings.afterWrites(Duration.ofSeconds(2)))}. What a {@code SWITCHOVER_} variable says goes before it.
         */
        public Builder exports(UnaryOperator<ExportSettings> change) {
            this.exports = change;
            return this;
        }

        /** The time zone of the times of day in schedules; otherwise that of the machine. {@code SWITCHOVER_SCHEDULE_ZONE} goes before it. */
        public Builder scheduleZone(ZoneId zone) {
            this.scheduleZone = zone;
            return this;
        }

        public Builder collection(CollectionDefinition<?, ?> definition) {
            collections.add(definition);
            return this;
        }

        /**
         * Is told how far a backfill or the copy of a switchover has come, about twice a second, on the thread that does it.
         * Must return soon and not throw.
         */
        public Builder progress(CopyProgress listener) {
            this.progress = listener;
            return this;
        }

        /** Is told of every call on a collection: for metrics. */
        public Builder calls(CallListener listener) {
            this.calls = listener;
            return this;
        }

        /** For times in status and logs; never for durations. */
        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        /**
         * Reads the flags, opens the stores, makes sure by the ledgers that the primary has everything, and serves.
         *
         * @throws ConfigurationException if flags, settings or definitions are wrong, with every problem; nothing was touched
         * @throws dev.switchover.storage.StartRefusedException if starting would risk records; it says what to do
         * @throws dev.switchover.storage.CorruptFileException if a file is not what it should be; it was not touched
         * @throws dev.switchover.storage.StoreUnavailableException if the primary does not answer
         */
        public SwitchoverStorage open() {
            return Opening.open(configuration());
        }

        /**
         * For whoever looks after a service, in any process: beside the running service, or without one. Opens nothing yet and
         * takes no lock. The variables should be those of the service.
         *
         * @throws ConfigurationException if flags, settings or definitions are wrong, with every problem
         */
        public Operator operator() {
            return Operator.of(configuration());
        }

        /** {@link #preflight(Consumer)}, for whom the counts and the first 100 findings of each collection suffice. */
        public PreflightReport preflight() {
            return preflight(finding -> {});
        }

        /**
         * Reads the files and the database and finds every record that would be refused or changed on its way from one store to
         * the other, by id and path, without writing anything: no lock, no folder, no table. What cannot be read is a finding
         * too. The service may be running meanwhile. See {@link Preflight} for what it needs of memory.
         *
         * @param findings is handed each finding when it is made, on this thread
         * @throws ConfigurationException if settings or definitions are wrong, with every problem
         */
        public PreflightReport preflight(Consumer<? super Finding> findings) {
            Configuration configuration = configuration();
            PostgresStore postgres = configuration
                    .postgres()
                    .map(known -> PostgresStore.open(known, configuration.schemas()))
                    .orElse(null);
            try {
                return Preflight.run(configuration.json(), postgres, configuration.schemas(), findings);
            } finally {
                if (postgres != null) {
                    postgres.close();
                }
            }
        }

        private Configuration configuration() {
            List<String> problems = new ArrayList<>();
            Path where = directory == null ? Configuration.NO_DIRECTORY : directory;
            if (collections.isEmpty()) {
                problems.add("collection: add at least one");
            }
            unique(
                    "the name",
                    collections.stream().map(CollectionDefinition::name).toList(),
                    problems);
            unique(
                    "the file",
                    collections.stream().map(CollectionDefinition::fileName).toList(),
                    problems);
            unique(
                    "the table",
                    collections.stream().map(CollectionDefinition::tableName).toList(),
                    problems);
            if (!problems.isEmpty()) {
                throw new ConfigurationException(problems);
            }
            return Configuration.of(new Configuration.Given(
                    where, environment, dataSource, json, saving(where), collections, clock, progress, calls));
        }

        /** Backups not in the hidden folder: whoever removes that one to begin anew keeps them. */
        private Saving saving(Path where) {
            Path folder = directory == null ? Path.of("backups") : where.resolve("backups");
            return new Saving(
                    backups.apply(BackupSettings.in(folder)), exports.apply(ExportSettings.NONE), scheduleZone);
        }

        private static void unique(String what, List<String> names, List<String> problems) {
            Set<String> seen = new HashSet<>();
            for (String name : names) {
                if (!seen.add(name)) {
                    problems.add("two collections have " + what + " " + name);
                }
            }
        }
    }
}
