package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.check.CheckReport;
import dev.switchover.dualwrite.check.Checks;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.export.LastExport;
import dev.switchover.dualwrite.plan.StartPlan;
import dev.switchover.dualwrite.rehearsal.RehearsalReport;
import dev.switchover.dualwrite.repair.Repair;
import dev.switchover.dualwrite.repair.RepairReport;
import dev.switchover.dualwrite.repair.RepairRequest;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.retire.RetireReport;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator asks, from any process: beside the running service, on another machine that sees its directory and its
 * database, or without a service. Takes no lock and changes nothing unless a method says so. Thread-safe.
 *
 * <p>JSON is read from its files, checkpoint and journal, so nothing written is missing (what a running service's mirror took a moment
 * ago is written up to 20 ms later, and is pending until then); PostgreSQL through two connections. Made by {@link
 * Switchover.Builder#operator()}. Collections go by their names. Close it.
 */
public final class Operator implements AutoCloseable {

    private static final int CONNECTIONS = 2;

    private final Beside beside;
    private final OperatorStatus status;
    private final Exports exports;
    private final Backups backups;
    private final Inspection inspection;
    private final OperatorRetirement retirement;
    private final DirectoryRequests requests;

    private final OperatorFlags flags;
    private final OperatorTables tables;
    private final OperatorPlan plan;
    private final OperatorParking parking;

    private Operator(Configuration configuration, Beside beside, @Nullable PostgresStore postgres) {
        this.beside = beside;
        this.requests = DirectoryRequests.beside(configuration, postgres, Requests.handlers(configuration));
        this.status = OperatorStatus.of(beside, postgres);
        this.exports = new Exports(configuration, requests, postgres, () -> null);
        this.backups = OperatorBackups.of(beside, requests);
        this.inspection = new Inspection(configuration, beside, postgres);
        this.retirement = new OperatorRetirement(beside, requests);
        this.flags = new OperatorFlags(beside);
        this.tables = new OperatorTables(beside);
        this.plan = new OperatorPlan(beside, flags);
        this.parking = new OperatorParking(beside, inspection, requests);
    }

    static Operator of(Configuration configuration) {
        PostgresStore postgres = configuration
                .postgres()
                .map(settings -> PostgresStore.open(
                        settings.poolSize(CONNECTIONS).applicationName("switchover-operator"), configuration.schemas()))
                .orElse(null);
        FilesView files = new FilesView(configuration.json(), configuration.schemas());
        return new Operator(configuration, new Beside(configuration, files, postgres), postgres);
    }

    /**
     * Where everything stands now. Cheap enough to be asked each second: files are read again only if they changed, and in at
     * most a tenth of the time; the database is asked for its ledger and its pending ids, and seldom for its counts, as {@link
     * StorageStatus.Records#countedAt} tells. A database that does not answer within four seconds is told as away.
     *
     * <p>What only the service's own process knows (the mirror worker's state, stale and shadow reads) is left out.
     */
    public StorageStatus status() {
        return status.read();
    }

    /**
     * What a start with the flags of this operator's environment and of the table would do, by the guard's own rules, as both stores
     * are now. Whoever holds the directory is taken to have let go of it. A store that does not answer is a part of the answer.
     *
     * @throws dev.switchover.storage.StartRefusedException {@code FLAGS-UNKNOWN} if nobody can tell the phase
     */
    public StartPlan plan() {
        return plan.plan();
    }

    /** Whether the surroundings are fit: directory, files, connection, session, rights, versions, tables. Never throws for a store. */
    public CheckReport check() {
        Configuration configuration = beside.configuration();
        return Checks.run(
                new Checks.Place(
                        configuration.directory(),
                        configuration.json().trustFileSystem(),
                        configuration.postgres().map(Object::toString).orElse(null)),
                beside.files(),
                beside.postgresOrNull(),
                configuration.settings().schema(),
                beside.schemas());
    }

    /** The flags as they stand now. Never throws for a store. */
    public FlagOverview flags() {
        return flags.read();
    }

    /** Changes the flags in the {@code feature_flags} table. */
    public OperatorFlags flagTable() {
        return flags;
    }

    /** Deals with the records that a mirror refuses. */
    public OperatorParking parking() {
        return parking;
    }

    /** Looks at the tables, and makes them. */
    public OperatorTables tables() {
        return tables;
    }

    /**
     * Has the JSON files in the storage's own directory brought up to date with the authority, by the process that has the directory
     * or, without one, by this: then it takes the lock for that time. See {@link SwitchoverStorage#export()}.
     *
     * @param collections their names; all if there is none
     * @param patience for all of it
     * @param progress is told how far it has come, on this thread
     */
    public ExportReport export(Collection<String> collections, Duration patience, RequestProgress progress) {
        return exports.toOwnDirectory(collections, patience, progress);
    }

    /** Writes JSON files into another folder; see {@link SwitchoverStorage#exportTo}. Takes no lock but one in that folder. */
    public ExportReport exportTo(Path folder, Collection<String> collections, RequestProgress progress) {
        return exports.to(folder, collections, progress);
    }

    /**
     * The end of the road, for a service of which every instance is in {@code DB_ONLY}: brings the JSON files up to date, verifies and
     * archives them, notes in PostgreSQL's ledger that JSON is retired, and deletes them. From then on {@code DB_ONLY} needs no
     * directory, and every other phase is refused ({@code JSON-RETIRED}) until an export of all collections into the directory. What
     * was broken off is gone on with.
     *
     * @param folder where the archive goes, a zip file with its checksum beside it
     * @throws dev.switchover.storage.RequestFailedException if the stores are not ready for it; then nothing was deleted
     */
    public RetireReport retire(Path folder, Duration patience, RequestProgress progress) {
        return retirement.retire(folder, patience, progress);
    }

    /**
     * Plays the whole migration and the way back: on a copy of the records in a folder of its own, in a schema of its own in the
     * database, which are both gone afterwards, also if it fails; what a killed rehearsal left is cleared away by the next one. The
     * real files and tables are only read. Needs the right to create schemas, and room for the copies.
     *
     * @param within where the folder is made
     * @param progress is told of each step, on this thread
     * @return how it went; a failure is a part of it
     * @throws dev.switchover.storage.RequestFailedException if no database is configured
     */
    public RehearsalReport rehearse(Path within, RequestProgress progress) {
        return new Rehearsal(beside.configuration(), beside.anyPostgres(), exports, progress).run(within);
    }

    /** The last export of each collection, into the own directory and elsewhere; empty without a database. */
    public List<LastExport> lastExports() {
        return exports.last();
    }

    /** The backups of the directory. One is made of what a running service serves, beside it. */
    public Backups backups() {
        return backups;
    }

    /** The oldest ids of a collection that are pending and not parked. */
    public List<StorageStatus.Pending> pending(String collection, int atMost) {
        return inspection.pending(beside.schema(collection), atMost);
    }

    /** {@link #verify(String, CopyProgress, Consumer)} of every collection. */
    public List<VerificationReport> verify() {
        return inspection.verify();
    }

    /**
     * Compares both stores while they are written, without false alarms: what is under way is looked at again for some seconds. What
     * was found is kept, see {@link #reports}; nothing else is changed. Takes as long as reading both stores; beside the files,
     * which are held as the JSON store holds them, memory does not grow with the collection.
     *
     * @param findings is handed each finding when it is made, on this thread; the report names the first 100 that drifted and the first 100 others
     * @throws dev.switchover.storage.StoreUnavailableException if one of the stores does not answer
     * @throws dev.switchover.storage.StartRefusedException {@code JSON-RETIRED} or {@code SCHEMA-MISSING}: one of them is not there
     * @throws dev.switchover.storage.CorruptFileException if a file is damaged
     * @throws dev.switchover.storage.ConfigurationException if there is no database
     */
    public VerificationReport verify(String collection, CopyProgress progress, Consumer<? super Finding> findings) {
        return inspection.verify(beside.schema(collection), progress, findings);
    }

    /**
     * {@link #verify(String, CopyProgress, Consumer)} by the service that holds the directory, of what it has in memory: no records are
     * held here, and little more there. Its files are not looked at. The report names the first 100 ids that drifted and the
     * first 100 others. In {@code DB_ONLY} no service holds the directory.
     *
     * @param quick by id and version only, as {@link #quickVerify}
     * @param patience for all of it
     * @param progress is told how far the service has come, on this thread
     * @throws dev.switchover.storage.RequestFailedException if nobody who holds the directory answers, or why it could not be done
     * @throws dev.switchover.storage.StoreUnavailableException if the database does not answer the service
     */
    public VerificationReport verifyInService(
            String collection, boolean quick, Duration patience, RequestProgress progress) {
        return VerificationReport.fromJson(requests.askHolder(
                VerifyRequests.KIND, VerifyRequests.arguments(beside.schema(collection), quick), patience, progress));
    }

    /** By id, version and place: quick, but a change round the library, which leaves those, is not seen. Not kept. */
    public VerificationReport quickVerify(String collection, CopyProgress progress, Consumer<? super Finding> found) {
        return inspection.quickVerify(beside.schema(collection), progress, found);
    }

    /** What {@link #repair} would do: compares everything, changes nothing. */
    public RepairReport repairPlan(String collection, Repair.Wish wish, CopyProgress progress) {
        return inspection.repairPlan(beside.schema(collection), wish, progress);
    }

    /**
     * Makes the mirror equal to the primary where it drifted: what differs is found afresh, what the mirror has of it is saved in {@code
     * .switchover/aside}, then it is carried over again by the mirror worker. Done by the service that holds the directory; without
     * one by this process, which takes the lock for that time. Deletes nothing unless the wish says so.
     *
     * @param patience for all of it
     */
    public RepairReport repair(String collection, Repair.Wish wish, Duration patience, RequestProgress progress) {
        beside.schema(collection);
        return RepairReport.fromJson(
                requests.ask(RepairRequest.KIND, RepairRequest.arguments(collection, wish), patience, progress));
    }

    /** {@link #rollback(String, CopyProgress, Consumer)} of every collection. */
    public List<RollbackReport> rollback() {
        return inspection.measure(Store.JSON);
    }

    /**
     * If the service went back to JSON now: what JSON does not have, whether the start would catch up or be refused, and how long it
     * would take. Right in every phase, also after a long time in {@code DB_ONLY}: everything is compared. With the database away it
     * tells what it cannot know.
     *
     * @param findings is handed each id that JSON lacks, on this thread; the report names the first 100
     */
    public RollbackReport rollback(String collection, CopyProgress progress, Consumer<? super Finding> findings) {
        return inspection.measure(beside.schema(collection), Store.JSON, progress, findings);
    }

    /** {@link #forward(String, CopyProgress, Consumer)} of every collection. */
    public List<RollbackReport> forward() {
        return inspection.measure(Store.POSTGRESQL);
    }

    /** The same for going on to the database. */
    public RollbackReport forward(String collection, CopyProgress progress, Consumer<? super Finding> findings) {
        return inspection.measure(beside.schema(collection), Store.POSTGRESQL, progress, findings);
    }

    /**
     * What work of one kind found or did, the newest first.
     *
     * @param kind {@link Report#VERIFY}, {@link Report#REPAIR} and the others
     */
    public List<Report> reports(String kind, String collection, int atMost) {
        return inspection.reports(kind, beside.schema(collection), atMost);
    }

    @Override
    public void close() {
        beside.close();
        status.close();
    }
}
