package dev.switchover.dualwrite;

import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.export.LastExport;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.postgres.PostgresStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator asks, from any process: beside the running service, on another machine that sees its directory and its
 * database, or without a service. Takes no lock and changes nothing unless a method says so. Thread-safe.
 *
 * <p>JSON is read from its files, checkpoint and journal, so nothing written is missing; PostgreSQL through two connections. Made
 * by {@link Switchover.Builder#operator()}. Collections go by their names. Close it.
 */
public final class Operator implements AutoCloseable {

    private static final int CONNECTIONS = 2;
    private static final Duration STATUS_WAITS = Duration.ofSeconds(4);

    private final Beside beside;
    private final OperatorStatus status;
    private final Exports exports;

    private Operator(Beside beside, OperatorStatus status, Exports exports) {
        this.beside = beside;
        this.status = status;
        this.exports = exports;
    }

    static Operator of(Configuration configuration) {
        PostgresStore postgres = configuration
                .postgres()
                .map(settings -> PostgresStore.open(
                        settings.poolSize(CONNECTIONS).applicationName("switchover-operator"), configuration.schemas()))
                .orElse(null);
        Beside beside =
                new Beside(configuration, new FilesView(configuration.json(), configuration.schemas()), postgres);
        @Nullable
        DatabaseFacts facts = postgres == null
                ? null
                : new DatabaseFacts(postgres, configuration.schemas(), STATUS_WAITS, configuration.clock());
        DirectoryRequests requests = DirectoryRequests.beside(configuration, postgres, Requests.handlers());
        Exports exports = new Exports(configuration, requests, postgres, () -> null);
        return new Operator(beside, new OperatorStatus(beside, facts), exports);
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

    /** The last export of each collection, into the own directory and elsewhere; empty without a database. */
    public List<LastExport> lastExports() {
        return exports.last();
    }

    @Override
    public void close() {
        beside.close();
        status.close();
    }
}
