package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.export.LastExport;
import dev.switchover.dualwrite.repair.Repair;
import dev.switchover.dualwrite.repair.RepairReport;
import dev.switchover.dualwrite.repair.RepairRequest;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Store;
import dev.switchover.storage.repository.RecordStorage;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * An open storage in the phase the flags chose. Thread-safe.
 *
 * <p>Closing waits, bounded, for what is pending, writes a last checkpoint and lets go of the directory and the database.
 */
public final class SwitchoverStorage extends RecordStorage {

    private final OpenStorage open;

    SwitchoverStorage(List<CollectionSchema<?, ?>> schemas, RecordAccess access, OpenStorage open) {
        super(access, schemas);
        this.open = open;
    }

    /** As the router has it, for work that knows no record class. */
    RecordAccess records() {
        return open.router();
    }

    @Override
    protected <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access) {
        return new DualWriteRepository<>(schema, access);
    }

    /**
     * Where everything stands now. Asks the database unless it is known to be away, and waits for it about a second at most;
     * what it has not said by then is left out.
     */
    public StorageStatus status() {
        return open.status();
    }

    /** The oldest ids of a collection that are pending and not parked. */
    public List<StorageStatus.Pending> pending(CollectionDefinition<?, ?> collection, int atMost) {
        return open.parking().pending(collection, atMost);
    }

    /**
     * Compares both stores while they are written, without false alarms; see {@link Operator#verify(String, CopyProgress,
     * java.util.function.Consumer)}. What was found is kept.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if one of the stores cannot be read
     * @throws dev.switchover.storage.ConfigurationException if there is no database
     */
    public List<VerificationReport> verify() {
        return open.inspection().verify();
    }

    /** The same of one collection. */
    public VerificationReport verify(CollectionDefinition<?, ?> collection) {
        return open.inspection().verify(schema(collection), step -> {}, finding -> {});
    }

    /**
     * {@link #verify(CollectionDefinition)} by id, version and place in the order only, in a fraction of the time; records are read
     * only where those differ. A change made round the library, which leaves them as they were, is not seen. The result is not kept.
     */
    public VerificationReport quickVerify(CollectionDefinition<?, ?> collection) {
        return open.inspection().quickVerify(schema(collection), step -> {}, finding -> {});
    }

    /** What {@link #repair} would do: compares everything, changes nothing. */
    public RepairReport repairPlan(CollectionDefinition<?, ?> collection, Repair.Wish wish) {
        return open.inspection().repairPlan(schema(collection), wish, step -> {});
    }

    /**
     * Makes the mirror equal to the primary where it drifted; see {@link Operator#repair}. Done by whoever holds the directory.
     *
     * @param patience for all of it
     */
    public RepairReport repair(CollectionDefinition<?, ?> collection, Repair.Wish wish, Duration patience) {
        return RepairReport.fromJson(open.requests()
                .ask(
                        RepairRequest.KIND,
                        RepairRequest.arguments(schema(collection).name(), wish),
                        patience,
                        RequestProgress.NONE));
    }

    /** If the service went back to JSON now: see {@link Operator#rollback()}. */
    public List<RollbackReport> rollback() {
        return open.inspection().measure(Store.JSON);
    }

    /** If the service went on to the database now: see {@link Operator#forward()}. */
    public List<RollbackReport> forward() {
        return open.inspection().measure(Store.POSTGRESQL);
    }

    /** What work of one kind found or did, the newest first; see {@link Report#VERIFY} and the others. */
    public List<Report> reports(String kind, CollectionDefinition<?, ?> collection, int atMost) {
        return open.inspection().reports(kind, schema(collection), atMost);
    }

    /**
     * Waits until every mirror of this process has everything.
     *
     * @return false if that took longer
     */
    public boolean awaitInSync(Duration atMost) {
        return open.mirrors().awaitInSync(atMost);
    }

    /**
     * Waits until everything this process has written is in the exports and backups that follow writes ({@link
     * Switchover.Builder#exports}); at once where none do. They do not wait for their time then.
     *
     * @return false if that took longer
     */
    public boolean awaitCopies(Duration atMost) {
        return open.followUps().awaitDone(atMost);
    }

    /**
     * Makes a backup of the collection, then stores all of the records, or none.
     *
     * @return the records as stored, with their ids
     * @throws dev.switchover.storage.BackupException if the backup could not be made; nothing was stored
     */
    public <T, ID> List<T> saveAllAfterBackup(CollectionDefinition<T, ID> collection, Iterable<? extends T> records) {
        Repository<T, ID> repository = repository(collection);
        backups().create(BackupKind.BEFORE_WRITE_BATCH, List.of(collection.name()));
        return repository.saveAll(records);
    }

    /**
     * The collection's whole file as it would be at this moment, whichever store leads: envelope, order, every record's text, and
     * the white space between the records that the file in the directory had when this was called first. All of one moment. Like any
     * read it is answered from the JSON copy, and says so, while the database is away.
     *
     * <p>Memory: the text, beside the records.
     */
    public Read<byte[]> file(CollectionDefinition<?, ?> collection) {
        return open.files().read(schema(collection));
    }

    /** The backups of what this service holds. */
    public Backups backups() {
        return open.backups();
    }

    /** The records of a collection that its mirror refuses; they block a switchover until they are dealt with. */
    public List<StorageStatus.Parked> parked(CollectionDefinition<?, ?> collection) {
        return open.parking().list(collection);
    }

    /** Has the mirror try parked records again, after the cause is gone. @return how many of them were parked */
    public <ID> int retryParked(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        return open.parking().retry(collection, ids);
    }

    /**
     * Gives up carrying parked records over to the mirror. The primary keeps them; what it has now is first saved in {@code
     * .switchover/aside} inside the directory.
     *
     * @return how many of them were parked
     */
    public <ID> int discardParked(CollectionDefinition<?, ID> collection, Collection<? extends ID> ids) {
        return open.parking().discard(collection, ids);
    }

    /**
     * Brings the JSON files in the storage's own directory up to date with the authority: after months in {@code DB_ONLY} they are
     * then a copy to fall back on. JSON's ledger goes on saying that they are a copy, so a later start in a JSON phase brings over
     * what came since. Each file is replaced whole, after it was read back; if anything fails, the one before stays.
     *
     * @throws dev.switchover.storage.RequestFailedException if the files must not be overwritten, or another process has the directory
     *     and does not answer
     * @throws dev.switchover.storage.StoreUnavailableException if a store does not answer, or the files cannot be written
     */
    public ExportReport export() {
        return open.exports().toOwnDirectory(List.of(), DirectoryRequests.PATIENCE, RequestProgress.NONE);
    }

    /**
     * Writes the authority's records, as of one moment, as JSON files into another folder, in the layout they have in the storage's
     * own. Memory does not grow with the records. Files of an earlier export are replaced, all of them or none.
     *
     * @throws dev.switchover.storage.RequestFailedException if the folder is a storage's own, or holds files no export wrote
     * @throws dev.switchover.storage.StoreUnavailableException if a store does not answer, or the files cannot be written
     */
    public ExportReport exportTo(Path folder) {
        return open.exports().to(folder, List.of(), RequestProgress.NONE);
    }

    /** The last export of each collection, into the own directory and elsewhere; empty without a database. */
    public List<LastExport> lastExports() {
        return open.exports().last();
    }

    @Override
    public void close() {
        open.close();
    }
}
