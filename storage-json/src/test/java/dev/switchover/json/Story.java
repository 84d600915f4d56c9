package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A life of a store on a disk that may fail at any call, and the judge of what is found afterwards: acknowledged writes are there,
 * refused ones are not, unknown ones may be, and a unit of work is whole.
 */
final class Story {

    private static final String NOTHING = "";

    private final Path directory;
    private final FaultyDisk disk;
    private final CollectionSchema<Book, Long> books = Book.schema();
    private final CollectionSchema<Book, Long> shelf =
            Book.schema("shelf", JsonLayout.objectKeyedById().in("/content").format(JsonLayout.Format.PRETTY));
    /** For each record its titles that may be found. */
    private final Map<String, Set<String>> possible = new HashMap<>();

    private int acknowledged;
    private boolean lastWasAcknowledged;
    private int callsBeforeLastWrite;

    Story(Path directory, FaultyDisk disk) {
        this.directory = directory;
        this.disk = disk;
        possible.put("books 1", new HashSet<>(Set.of("found")));
    }

    static void prepare(Path directory) throws IOException {
        Files.writeString(directory.resolve("books.json"), "[{\"id\":1,\"title\":\"found\"}]");
    }

    int acknowledged() {
        return acknowledged;
    }

    boolean lastWasAcknowledged() {
        return lastWasAcknowledged;
    }

    int callsBeforeLastWrite() {
        return callsBeforeLastWrite;
    }

    void live() {
        live(true);
    }

    /** Nothing is closed: the disk stops before. */
    void liveToTheEndOfPower() {
        live(false);
    }

    private void live(boolean closing) {
        JsonStore store = openStubbornly();
        if (store == null) {
            return;
        }
        try (store) {
            attempt(() -> Book.serving(store));
            attempt(() -> Book.serving(store));
            write(store, Book.put(books, 2, "two"));
            write(store, Book.put(shelf, 2, "shelf two"));
            write(store, Book.put(books, 9, "unit"), Book.put(shelf, 9, "unit"));
            attempt(store::checkpoint);
            write(store, Book.put(books, 2, "two again"));
            write(store, Book.delete(shelf, 2));
            attempt(() -> store.ledger().remember(books));
            attempt(() -> store.nextId(books));
            attempt(() -> mirror(store));
            write(store, Book.put(books, 3, "three"), Book.delete(books, 1));
            attempt(() -> acknowledge(store));
            attempt(store::checkpoint);
            write(store, Book.put(books, 9, "unit again"), Book.put(shelf, 9, "unit again"));
            write(store, Book.put(books, 4, "four"));
            // The second look may find the disk healed by the first.
            attempt(store::ping);
            callsBeforeLastWrite = disk.calls();
            write(store, Book.put(books, 5, "five"));
            if (!closing) {
                disk.failWhen(call -> true);
            }
        }
    }

    private @Nullable JsonStore openStubbornly() {
        for (int i = 0; i < 2; i++) {
            try {
                return Book.open(directory, disk, books, shelf);
            } catch (StorageException failed) {
                // The next one may come through.
            }
        }
        return null;
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (StorageException failed) {
            // The judge looks at records only.
        }
    }

    private void mirror(JsonStore store) {
        LedgerEntry entry = store.ledger().read(books).orElseThrow(() -> new UnknownOutcomeException("no entry", null));
        store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
    }

    private void acknowledge(JsonStore store) {
        LedgerEntry entry = store.ledger().read(books).orElseThrow(() -> new UnknownOutcomeException("no entry", null));
        List<PendingMark> marks = store.pending().take(List.of(books), 1, Long.MAX_VALUE).records().stream()
                .map(PendingRecord::mark)
                .toList();
        store.pending().acknowledge(Map.of(books, new Fence(entry.epoch(), entry.term())), marks);
    }

    private void write(JsonStore store, Write... writes) {
        try {
            store.write(List.of(writes));
            acknowledged++;
            lastWasAcknowledged = true;
            for (Write write : writes) {
                possible.put(key(write), new HashSet<>(Set.of(title(write))));
            }
        } catch (UnknownOutcomeException unknown) {
            lastWasAcknowledged = false;
            for (Write write : writes) {
                possible.computeIfAbsent(key(write), key -> new HashSet<>(Set.of(NOTHING)))
                        .add(title(write));
            }
        } catch (StorageException refused) {
            lastWasAcknowledged = false;
        }
    }

    private static String key(Write write) {
        RecordId id = write instanceof Write.Put put ? put.id() : ((Write.Delete) write).id();
        return write.schema().name() + " " + id;
    }

    private static String title(Write write) {
        return write instanceof Write.Put put ? title(put.body()) : NOTHING;
    }

    private static String title(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).replaceAll(".*\"title\":\"(.*)\".*", "$1");
    }

    /** Opens the directory on a sound disk and looks. */
    void judge(String where) {
        try (JsonStore store = Book.open(directory, FaultyDisk.sound(directory), books, shelf)) {
            Map<String, String> found = new HashMap<>();
            for (CollectionSchema<?, ?> schema : List.of(books, shelf)) {
                List<RawRecord> records = new ArrayList<>();
                store.scan(schema).forEachRemaining(records::add);
                for (RawRecord record : records) {
                    if (!record.id().isEnvelope()) {
                        found.put(schema.name() + " " + record.id(), title(record.body()));
                    }
                }
            }
            Set<String> keys = new HashSet<>(found.keySet());
            keys.addAll(possible.keySet());
            for (String key : keys) {
                assertThat(found.getOrDefault(key, NOTHING))
                        .as("%s: %s", where, key)
                        .isIn(possible.getOrDefault(key, Set.of(NOTHING)));
            }
            assertThat(found.get("books 9")).as("%s: the unit of work", where).isEqualTo(found.get("shelf 9"));
        }
    }
}
