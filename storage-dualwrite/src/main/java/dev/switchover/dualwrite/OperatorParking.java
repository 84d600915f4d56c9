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

/** Parked records, from any process: those of PostgreSQL in its table, those of JSON by the holder of the directory. Thread-safe. */
final class OperatorParking {

    private final Beside beside;
    private final Inspection inspection;
    private final DirectoryRequests requests;

    OperatorParking(Beside beside, Inspection inspection, DirectoryRequests requests) {
        this.beside = beside;
        this.inspection = inspection;
        this.requests = requests;
    }

    List<Parked> list(CollectionSchema<?, ?> schema) {
        List<Parked> parked = new ArrayList<>();
        inspection
                .authority(schema)
                .parked(schema)
                .forEach(record -> parked.add(new Parked(
                        record.mark().id().toString(),
                        record.mark().version(),
                        record.mark().since(),
                        record.reason())));
        return parked;
    }

    int retry(CollectionSchema<?, ?> schema, Collection<String> ids) {
        List<RecordId> records = recordIds(schema, ids);
        return inspection.authority(schema).store() == Store.JSON
                ? ask(ParkedRequests.RETRY, schema, records)
                : inDatabase().retry(schema, records);
    }

    int discard(CollectionSchema<?, ?> schema, Collection<String> ids) {
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
        return ids.stream().map(schema::parseId).toList();
    }
}
