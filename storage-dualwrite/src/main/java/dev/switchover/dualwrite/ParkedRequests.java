package dev.switchover.dualwrite;

import dev.switchover.dualwrite.mirror.ParkedRecords;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.Texts;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.List;
import java.util.Map;

/** Parked marks lie in the journal while JSON is the authority, so its holder is asked to change them. */
final class ParkedRequests {

    static final String RETRY = "parked.retry";
    static final String DISCARD = "parked.discard";

    private static final String COLLECTION = "collection";
    private static final String IDS = "ids";

    private ParkedRequests() {}

    static RequestHandlers handlers(RequestHandlers others) {
        return others.with(RETRY, (request, held, progress) -> {
                    CollectionSchema<?, ?> schema = held.schema(request, COLLECTION);
                    return String.valueOf(records(held).retry(schema, ids(request, schema)));
                })
                .with(DISCARD, (request, held, progress) -> {
                    CollectionSchema<?, ?> schema = held.schema(request, COLLECTION);
                    return String.valueOf(records(held).discard(schema, ids(request, schema)));
                });
    }

    static Map<String, String> arguments(CollectionSchema<?, ?> schema, List<RecordId> ids) {
        List<String> texts = ids.stream().map(RecordId::text).toList();
        return Map.of(COLLECTION, schema.name(), IDS, Texts.write(texts));
    }

    static int count(String result) {
        return Integer.parseInt(result);
    }

    private static ParkedRecords records(HeldStorage held) {
        return new ParkedRecords(held.json(), held.directory(), held.clock());
    }

    private static List<RecordId> ids(Request request, CollectionSchema<?, ?> schema) {
        return Texts.read(request.kind(), request.arguments().getOrDefault(IDS, "[]")).stream()
                .<RecordId>map(schema::parseIdOrEnvelope)
                .toList();
    }
}
