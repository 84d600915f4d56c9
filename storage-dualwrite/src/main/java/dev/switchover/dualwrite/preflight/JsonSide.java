package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.recovery.FileLook;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON directory, without its lock: from checkpoints and journal where the library has kept it already, otherwise from the
 * files as they are.
 */
final class JsonSide {

    private final Path directory;
    private final @Nullable ReadOnlyJsonStore store;
    private final @Nullable String failure;

    private JsonSide(Path directory, @Nullable ReadOnlyJsonStore store, @Nullable String failure) {
        this.directory = directory;
        this.store = store;
        this.failure = failure;
    }

    static JsonSide of(JsonSettings settings, List<CollectionSchema<?, ?>> schemas) {
        Path directory = settings.directory();
        if (!Files.isDirectory(directory.resolve(".switchover"))) {
            return new JsonSide(directory, null, null);
        }
        try {
            return new JsonSide(directory, JsonStore.openReadOnly(settings, schemas), null);
        } catch (StartRefusedException e) {
            // Retired: there are no files, and the database is to be looked at all the same.
            boolean retired = e.code().equals("JSON-RETIRED");
            return new JsonSide(directory, null, retired ? null : String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            return new JsonSide(directory, null, String.valueOf(e.getMessage()));
        }
    }

    /** Why checkpoints and journal cannot be read, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    boolean hasLedger(CollectionSchema<?, ?> schema) {
        return store != null && store.ledgerEntry(schema).isPresent();
    }

    /** @param kept gets the records that can be held; null if nobody needs them */
    void look(CollectionSchema<?, ?> schema, Tally tally, @Nullable Map<RecordId, byte[]> kept) {
        if (store != null) {
            lookIntoStore(store, schema, tally, kept);
            return;
        }
        try {
            Optional<byte[]> content = FileLook.read(directory, schema);
            if (content.isPresent()) {
                FileLook.into(content.get(), schema, new Visitor(schema, tally, kept));
            }
        } catch (StorageException e) {
            tally.accept(notRead(schema, String.valueOf(e.getMessage())));
        }
    }

    private static void lookIntoStore(
            ReadOnlyJsonStore store, CollectionSchema<?, ?> schema, Tally tally, @Nullable Map<RecordId, byte[]> kept) {
        RecordLook look = new RecordLook(schema, Store.JSON, tally);
        try (RecordCursor records = store.scan(schema)) {
            while (records.hasNext()) {
                RawRecord record = records.next();
                if (!record.id().isEnvelope()) {
                    tally.jsonRecord();
                }
                if (look.stored(record) && kept != null && !record.id().isEnvelope()) {
                    kept.put(record.id(), record.body());
                }
            }
        }
    }

    static Finding notRead(CollectionSchema<?, ?> schema, String reason) {
        return new Finding(Kind.NOT_READ, Store.JSON, schema.name(), null, "", reason, null);
    }

    private static final class Visitor implements FileLook.Visitor {
        private final CollectionSchema<?, ?> schema;
        private final Tally tally;
        private final RecordLook look;
        private final @Nullable Map<RecordId, byte[]> kept;
        private final Set<RecordId> ids = new HashSet<>();

        Visitor(CollectionSchema<?, ?> schema, Tally tally, @Nullable Map<RecordId, byte[]> kept) {
            this.schema = schema;
            this.tally = tally;
            this.look = new RecordLook(schema, Store.JSON, tally);
            this.kept = kept;
        }

        @Override
        public void record(FileLook.Place place, @Nullable String key, byte[] body) {
            tally.jsonRecord();
            RecordId id = look.loose(key, body, place::describe);
            if (id == null) {
                return;
            }
            if (!ids.add(id)) {
                look.duplicate(id, place.describe());
            } else if (kept != null) {
                kept.put(id, body);
            }
        }

        @Override
        public void envelope(byte[] text) {
            look.envelope(text);
        }

        @Override
        public void damage(String problem) {
            tally.accept(new Finding(Kind.FILE_MALFORMED, Store.JSON, schema.name(), null, "", problem, null));
        }
    }
}
