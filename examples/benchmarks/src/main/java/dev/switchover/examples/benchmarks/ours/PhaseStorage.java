package dev.switchover.examples.benchmarks.ours;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The library in one phase, with everything at its default; the mirror, where there is one, is waited for. */
public final class PhaseStorage implements EntryStore {

    private static final int LOADED_AT_ONCE = 1_000;

    private final String name;
    private final SwitchoverStorage storage;
    private final CollectionDefinition<Entry, Long> definition;
    private final Repository<Entry, Long> entries;

    private PhaseStorage(String name, SwitchoverStorage storage, CollectionDefinition<Entry, Long> definition) {
        this.name = name;
        this.storage = storage;
        this.definition = definition;
        this.entries = storage.repository(definition);
    }

    /**
     * @param name as it is shown in the report
     * @param directory where the JSON files go
     * @param database null only in {@link Phase#JSON_ONLY}
     */
    public static PhaseStorage open(
            String name, Phase phase, TableLayout table, Path directory, @Nullable Database database) {
        CollectionDefinition<Entry, Long> definition = definition(table);
        SwitchoverStorage storage =
                builder(phase, definition, directory, database).open();
        return new PhaseStorage(name, storage, definition);
    }

    /** Exports as an operator does, beside a service or without one. */
    public static void export(Phase phase, TableLayout table, Path directory, Database database, Path folder) {
        try (Operator operator =
                builder(phase, definition(table), directory, database).operator()) {
            operator.exportTo(folder, List.of("entries"), RequestProgress.NONE);
        }
    }

    /**
     * Compares both stores as an operator does, beside a service or without one.
     *
     * @throws IllegalStateException if the stores differ
     */
    public static void verify(Phase phase, TableLayout table, Path directory, Database database) {
        verify(phase, table, directory, database, operator -> operator.verify("entries", step -> {}, finding -> {}));
    }

    /** The same by the service that has the directory, asked by an operator. */
    public static void verifyInService(Phase phase, TableLayout table, Path directory, Database database) {
        verify(
                phase,
                table,
                directory,
                database,
                operator -> operator.verifyInService("entries", false, Duration.ofMinutes(5), RequestProgress.NONE));
    }

    private static void verify(
            Phase phase,
            TableLayout table,
            Path directory,
            Database database,
            Function<Operator, VerificationReport> verification) {
        try (Operator operator =
                builder(phase, definition(table), directory, database).operator()) {
            VerificationReport report = verification.apply(operator);
            if (!report.clean()) {
                throw new IllegalStateException("The stores differ: " + report);
            }
        }
    }

    private static CollectionDefinition<Entry, Long> definition(TableLayout table) {
        return CollectionDefinition.of("entries", Entry.class, Long.class)
                .table(table)
                .build();
    }

    private static Switchover.Builder builder(
            Phase phase, CollectionDefinition<?, ?> definition, Path directory, @Nullable Database database) {
        return Switchover.builder()
                .directory(directory)
                .environment(environment(phase, database))
                .collection(definition);
    }

    private static Map<String, String> environment(Phase phase, @Nullable Database database) {
        Map<String, String> environment = new HashMap<>();
        boolean databasePhase = phase == Phase.DB_PRIMARY || phase == Phase.DB_ONLY;
        boolean dualWrite = phase == Phase.DB_PRIMARY || phase == Phase.JSON_PRIMARY;
        environment.put("FF_USE_DATABASE_STORAGE", Boolean.toString(databasePhase));
        environment.put("FF_DUAL_WRITE_ENABLED", Boolean.toString(dualWrite));
        if (database != null) {
            environment.put("DATABASE_URL", database.url());
        }
        return environment;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void load(List<Entry> all) {
        saveAll(all);
        requireInSync();
    }

    /** Many at once, whether or not the mirror keeps up. */
    public void saveAll(List<Entry> all) {
        for (int from = 0; from < all.size(); from += LOADED_AT_ONCE) {
            entries.saveAll(all.subList(from, Math.min(all.size(), from + LOADED_AT_ONCE)));
        }
    }

    /**
     * A mirror that has given up makes writes fast: whoever measured it then would measure something else.
     *
     * @throws IllegalStateException if the mirror does not catch up
     */
    public void requireInSync() {
        if (!storage.awaitInSync(Duration.ofMinutes(5))) {
            throw new IllegalStateException(
                    name + ": the mirror does not catch up: " + storage.status().toJson());
        }
    }

    /** @throws IllegalStateException if the stores differ */
    public void requireEqual() {
        storage.verify().forEach(report -> {
            if (!report.clean()) {
                throw new IllegalStateException(name + ": the stores differ: " + report);
            }
        });
    }

    /** @throws IllegalStateException if ids or versions differ */
    public void requireEqualVersions() {
        VerificationReport report = storage.quickVerify(definition);
        if (!report.clean()) {
            throw new IllegalStateException(name + ": the stores differ: " + report);
        }
    }

    /** Writes the files as of one moment into an empty folder, and reads them back. */
    public void exportTo(Path folder) {
        storage.exportTo(folder);
    }

    /** For what the stores of peers have no word for. */
    public Repository<Entry, Long> repository() {
        return entries;
    }

    public StorageStatus.CollectionStatus status() {
        return storage.status().collections().get(0);
    }

    @Override
    public void save(Entry entry) {
        entries.save(entry);
    }

    @Override
    public @Nullable Entry find(long id) {
        return entries.findById(id).orElse(null);
    }

    @Override
    public void close() {
        storage.close();
    }
}
