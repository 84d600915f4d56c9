package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.Parked;
import dev.switchover.dualwrite.mirror.ParkedRecords;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Records that a mirror refuses, of {@link Operator#parking}. While JSON is the authority the holder of the directory is asked to change
 * them; without one this takes the lock for that moment. Thread-safe.
 */
public final class OperatorParking {

    private final Beside beside;
    private final Inspection inspection;
    private final DirectoryRequests requests;

    OperatorParking(Beside beside, Inspection inspection, DirectoryRequests requests) {
        this.beside = beside;
        this.inspection = inspection;
        this.requests = requests;
    }

    /**
     * Those of a collection.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the authority cannot be read
     */
    public List<Parked> list(String collection) {
        CollectionSchema<?, ?> schema = beside.schema(collection);
        List<Parked> parked = new ArrayList<>();
        inspection
                .authority(schema)
                .parked(schema)
                .forEach(record -> parked.add(new Parked(
                        record.mark().id().text(),
                        record.mark().version(),
                        record.mark().since(),
                        record.reason())));
        return parked;
    }

    /**
     * Has the mirror try them again, after the cause is gone.
     *
     * @param ids as {@link #list} has them: the empty text is the envelope
     * @return how many of them were parked
     * @throws dev.switchover.storage.InvalidRecordException if a text is no id of the collection
     * @throws dev.switchover.storage.RequestFailedException if the holder does not do it
     */
    public int retry(String collection, Collection<String> ids) {
        CollectionSchema<?, ?> schema = beside.schema(collection);
        List<RecordId> records = recordIds(schema, ids);
        return inspection.authority(schema).store() == Store.JSON
                ? ask(ParkedRequests.RETRY, schema, records)
                : inDatabase().retry(schema, records);
    }

    /**
     * Gives up carrying them over to the mirror. The primary keeps them; what it has now is first saved in {@code .switchover/aside}
     * inside the directory. Errors as in {@link #retry}.
     *
     * @return how many of them were parked
     */
    public int discard(String collection, Collection<String> ids) {
        CollectionSchema<?, ?> schema = beside.schema(collection);
        List<RecordId> records = recordIds(schema, ids);
        return inspection.authority(schema).store() == Store.JSON
                ? ask(ParkedRequests.DISCARD, schema, records)
                : inDatabase().discard(schema, records);
    }

    private int ask(String kind, CollectionSchema<?, ?> schema, List<RecordId> ids) {
        return ParkedRequests.count(requests.ask(
                kind, ParkedRequests.arguments(schema, ids), DirectoryRequests.PATIENCE, RequestProgress.NONE));
    }

    private ParkedRecords inDatabase() {
        Configuration configuration = beside.configuration();
        return new ParkedRecords(beside.postgres(), configuration.directory(), configuration.clock());
    }

    private static List<RecordId> recordIds(CollectionSchema<?, ?> schema, Collection<String> ids) {
        return ids.stream().<RecordId>map(schema::parseIdOrEnvelope).toList();
    }
}
