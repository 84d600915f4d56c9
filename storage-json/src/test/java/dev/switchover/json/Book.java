package dev.switchover.json;

import dev.switchover.json.directory.Disk;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A small record, and what tests do with a store of them again and again. */
record Book(@Nullable Long id, String title) {

    static CollectionSchema<Book, Long> schema() {
        return schema("books", JsonLayout.array().format(JsonLayout.Format.LINES));
    }

    static CollectionSchema<Book, Long> schema(String name, JsonLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of(name, Book.class, Long.class)
                .idGeneration(IdGeneration.SEQUENCE)
                .json(layout)
                .build());
    }

    /** Checkpoints come only when they are asked for. */
    static JsonSettings settings(Path directory) {
        return JsonSettings.of(directory)
                .withMaximumStaleness(Duration.ofHours(2))
                .withCheckpointDelay(Duration.ofHours(1));
    }

    static JsonStore open(Path directory, CollectionSchema<?, ?>... schemas) {
        return open(directory, Disk.real(), schemas);
    }

    static JsonStore open(Path directory, Disk disk, CollectionSchema<?, ?>... schemas) {
        return JsonStore.open(settings(directory), List.of(schemas), disk, Clock.systemUTC());
    }

    /** Makes the store the authority of a new data set where it is none yet, and serves. */
    static JsonStore serving(JsonStore store) {
        for (CollectionSchema<?, ?> schema : store.schemas()) {
            LedgerEntry entry = store.ledger().read(schema).orElse(null);
            if (entry == null) {
                entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE);
                store.ledger().compareAndSet(schema, null, entry, "first contact");
            }
            store.serve(schema, entry.epoch());
        }
        return store;
    }

    static Write put(CollectionSchema<?, ?> schema, long id, String title) {
        return new Write.Put(schema, new RecordId(Long.toString(id)), body(id, title), Expected.ANY);
    }

    static Write delete(CollectionSchema<?, ?> schema, long id) {
        return new Write.Delete(schema, new RecordId(Long.toString(id)), Expected.ANY);
    }

    static Written save(JsonStore store, CollectionSchema<?, ?> schema, long id, String title) {
        return store.write(List.of(put(schema, id, title))).get(0);
    }

    static byte[] body(long id, String title) {
        return ("{\"id\":" + id + ",\"title\":\"" + title + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** All records in the collection's order, each as {@code version/order body}. */
    static List<String> all(JsonStore store, CollectionSchema<?, ?> schema) {
        List<RawRecord> records = new ArrayList<>();
        store.scan(schema).forEachRemaining(records::add);
        records.sort(Comparator.comparingLong(RawRecord::order));
        return texts(records);
    }

    static List<String> texts(List<RawRecord> records) {
        List<String> texts = new ArrayList<>();
        for (RawRecord record : records) {
            texts.add(
                    record.version() + "/" + record.order() + " " + new String(record.body(), StandardCharsets.UTF_8));
        }
        return texts;
    }
}
