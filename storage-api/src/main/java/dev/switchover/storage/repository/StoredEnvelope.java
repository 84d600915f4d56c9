package dev.switchover.storage.repository;

import dev.switchover.storage.Envelope;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The envelope of one collection, read and written at once. Thread-safe. */
final class StoredEnvelope implements Envelope {

    private final CollectionSchema<?, ?> schema;
    private final RecordAccess access;

    StoredEnvelope(CollectionSchema<?, ?> schema, RecordAccess access) {
        this.schema = schema;
        this.access = access;
    }

    @Override
    public String read() {
        return access.find(schema, RecordId.ENVELOPE)
                .map(raw -> new String(raw.body(), StandardCharsets.UTF_8))
                .orElseGet(() -> EnvelopeText.initial(schema));
    }

    @Override
    public void write(String json) {
        access.write(
                List.of(new Write.Put(schema, RecordId.ENVELOPE, EnvelopeText.checked(schema, json), Expected.ANY)));
    }
}
