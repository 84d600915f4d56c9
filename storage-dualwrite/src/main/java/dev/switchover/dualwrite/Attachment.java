package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.backup.BackupMaker;
import dev.switchover.dualwrite.backup.OneStore;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.handover.TakeOver;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.ReportJson;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.switchover.AsideFiles;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.CopyMeasured;
import dev.switchover.dualwrite.switchover.DiskSpace;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.OutgoingBackup;
import dev.switchover.dualwrite.switchover.StartLog;
import dev.switchover.dualwrite.switchover.Surroundings;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a start its stores: the directory with its lock, if it can be had, and the database, whether it answers or not. */
final class Attachment {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.storage");

    private final Configuration configuration;
    private final SwitchoverSettings settings;
    private final List<Route> routes;
    private final Stores stores;
    private @Nullable String databaseIsAway;
    private boolean mayAsk = true;

    Attachment(Configuration configuration, List<Route> routes, Stores stores) {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.routes = List.copyOf(routes);
        this.stores = stores;
    }

    /** With the directory, taken over from its holder if the settings ask for that and this is the first start. */
    GuardedStart guardedStart() {
        return guardedStart(json());
    }

    /** With the directory this process holds. */
    GuardedStart guardedStartWithHeldDirectory() {
        return guardedStart(new Attached.Open(stores.json()));
    }

    /** With a directory that nobody else in this process knows of yet. */
    GuardedStart guardedStartWith(JsonStore json) {
        return guardedStart(new Attached.Open(json));
    }

    /** The first start is over: this is no newcomer any more, who asks for the directory. */
    void started() {
        mayAsk = false;
    }

    /** @throws StoreUnavailableException if there is no directory: none is to be made where somebody has moved it away */
    void requireDirectory() {
        Path hidden = new StoreDirectory(configuration.directory()).hidden();
        if (!Files.isDirectory(hidden)) {
            throw new StoreUnavailableException(Store.JSON, "There is no " + hidden + " at the moment", null);
        }
    }

    /** @throws StoreUnavailableException if the database does not answer */
    void requireDatabase() {
        PostgresStore postgres = stores.configuredPostgres();
        if (postgres != null) {
            postgres.ping();
        }
    }

    /** Whether a newcomer asks for the directory, whoever has it. */
    boolean isDirectoryAskedFor() {
        return TakeOver.isAskedFor(configuration.directory(), configuration.clock());
    }

    /** @param reason while it is known that the database does not answer: the guard is told so at once. Null: it is asked again */
    void databaseIsAway(@Nullable String reason) {
        databaseIsAway = reason;
    }

    boolean isDatabaseAway() {
        return databaseIsAway != null;
    }

    private GuardedStart guardedStart(Attached json) {
        Attached database = database();
        Surroundings surroundings = new Surroundings(
                AsideFiles.in(configuration.directory(), configuration.clock()),
                DiskSpace.of(configuration.directory()),
                configuration.clock(),
                StartLog.toLogger(configuration.progress(), this::report));
        return new GuardedStart(json, database, settings, surroundings.with(outgoing()));
    }

    private Attached database() {
        if (stores.configuredPostgres() == null) {
            return new Attached.NotConfigured();
        }
        return databaseIsAway == null ? new Attached.Open(stores.postgres()) : new Attached.Unreachable(databaseIsAway);
    }

    private OutgoingBackup outgoing() {
        if (!configuration.backups().beforeSwitchover()) {
            return OutgoingBackup.NONE;
        }
        BackupMaker maker = new BackupMaker(configuration.backups(), configuration.clock());
        return (authority, schema, phase) -> maker.make(
                        new OneStore(authority, schema, phase), BackupKind.BEFORE_SWITCHOVER, List.of(schema))
                .path();
    }

    /** For the estimate of the next one. */
    private void report(CopyMeasured copy) {
        PostgresStore postgres = stores.configuredPostgres();
        Reports.of(configuration.directory(), postgres)
                .add(new Report(
                        Report.COPY, copy.collection(), configuration.clock().instant(), ReportJson.write(copy)));
    }

    /** A database phase can do without the directory, as long as the authority does not change; the guard decides. */
    private Attached json() {
        if (!stores.hasDirectory() || isRetired()) {
            stores.withoutDirectory();
            return new Attached.NotConfigured();
        }
        ReadOnlyJsonStore before = null;
        if (stores.configuredPostgres() != null
                && !Files.exists(new StoreDirectory(configuration.directory()).hidden())) {
            before = soundFiles();
            requireNoRefusal(
                    route -> new Observation.Present(Optional.empty(), hasFile(route), true, PendingSummary.NONE));
        }
        try {
            return new Attached.Open(stores.holdJson(before));
        } catch (DirectoryLockedException e) {
            return mayAsk && settings.takeOver()
                    ? new Attached.Open(takeOver())
                    : new Attached.Locked(String.valueOf(e.getMessage()));
        } catch (CorruptFileException | StartRefusedException e) {
            if (isUserMistake(e)
                    || routes.stream().anyMatch(route -> !route.phase().databasePhase())) {
                throw e;
            }
            LOG.warn("The JSON copy cannot be used: {}", e.getMessage());
            return new Attached.Unreachable(String.valueOf(e.getMessage()));
        }
    }

    /** In database only, where JSON was retired, no directory is made or opened. */
    private boolean isRetired() {
        PostgresStore postgres = stores.configuredPostgres();
        boolean databaseOnly = routes.stream().allMatch(route -> route.phase() == Phase.DB_ONLY);
        StoreDirectory directory = new StoreDirectory(configuration.directory());
        if (postgres == null || !databaseOnly) {
            return false;
        }
        if (Files.exists(directory.retired())) {
            return true;
        }
        return !Files.exists(directory.hidden()) && routes.stream().allMatch(route -> isRetired(postgres, route));
    }

    private static boolean isRetired(PostgresStore postgres, Route route) {
        try {
            return postgres.look().own().isEmpty()
                    && postgres.ledger()
                            .read(route.schema())
                            .filter(entry -> entry.seen().isRetired())
                            .isPresent();
        } catch (StoreUnavailableException e) {
            return false; // the guard says what that means
        }
    }

    /** A phase that mirrors would run without its mirror for ever; only the operator can change that. */
    private boolean isUserMistake(StorageException e) {
        return e instanceof StartRefusedException refused
                && (refused.code().equals("NOT-A-DIRECTORY")
                        || (refused.code().equals("UNTRUSTED-FILE-SYSTEM")
                                && routes.stream()
                                        .anyMatch(route -> route.phase().mirrored())));
    }

    /** The guard decides first: a directory is not asked for by a start that would be refused. */
    private JsonStore takeOver() {
        ReadOnlyJsonStore before = stores.readJson();
        requireNoRefusal(route -> observe(asOfTheDatabase(before, route), route));
        return new TakeOver(configuration.directory(), settings.switchTimeout(), configuration.clock())
                .take(stores::holdJson);
    }

    /** The holder goes on: a primary has to be looked at after its mirror, or what was mirrored in between looks lost. */
    private ReadOnlyJsonStore asOfTheDatabase(ReadOnlyJsonStore before, Route route) {
        boolean mirror = before.ledgerEntry(route.schema())
                .filter(entry -> entry.state() == State.MIRROR)
                .isPresent();
        return mirror ? before : stores.readJson();
    }

    private static Observation observe(ReadOnlyJsonStore files, Route route) {
        return new Observation.Present(
                files.ledgerEntry(route.schema()),
                files.count(route.schema(), Query.all()) > 0,
                true,
                files.pending(route.schema()));
    }

    /** Files that were never taken in are looked at before a table is made for them: nothing is begun that cannot be finished. */
    private @Nullable ReadOnlyJsonStore soundFiles() {
        try {
            return stores.readJson();
        } catch (CorruptFileException | StartRefusedException e) {
            boolean needed = routes.stream().anyMatch(route -> !route.phase().databasePhase() || isUnknown(route));
            if (needed) {
                throw e;
            }
            return null;
        }
    }

    /** Whether the database can be asked, and knows nothing of the collection. */
    private boolean isUnknown(Route route) {
        PostgresStore postgres = stores.configuredPostgres();
        if (postgres == null) {
            return false;
        }
        try {
            return !postgres.look().own().isEmpty()
                    || postgres.ledger().read(route.schema()).isEmpty();
        } catch (StoreUnavailableException e) {
            return false; // the guard says what that means
        }
    }

    private boolean hasFile(Route route) {
        String file = route.schema().definition().fileName();
        return Files.exists(configuration.directory().resolve(file));
    }

    /** Asks the guard before anything is opened, so that a start that would be refused leaves nothing behind. */
    private void requireNoRefusal(Function<Route, Observation> json) {
        GuardOptions options = new GuardOptions(settings.startStale(), settings.force(), settings.adopt());
        for (Route route : routes) {
            Observation database = database(route);
            Verdict verdict = Guard.decide(route.phase(), json.apply(route), database, options);
            if (verdict instanceof Verdict.Refuse refuse) {
                throw refuse.toException(route.schema().name());
            }
        }
    }

    private Observation database(Route route) {
        PostgresStore postgres = stores.configuredPostgres();
        if (postgres == null) {
            return new Observation.NotConfigured();
        }
        try {
            postgres.prepare();
            return new Observation.Present(
                    postgres.ledger().read(route.schema()),
                    postgres.hasRecords(route.schema()),
                    true,
                    postgres.pending().summary(route.schema()));
        } catch (StoreUnavailableException e) {
            return new Observation.Unreachable(String.valueOf(e.getMessage()));
        }
    }
}
