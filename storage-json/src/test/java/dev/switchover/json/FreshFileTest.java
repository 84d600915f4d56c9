package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshFileTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @Test
    void theFileFollowsSoonAfterAWriteWithoutBeingAsked() {
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(50));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books)))) {
            for (int i = 1; i <= 3; i++) {
                Book.save(store, books, 1, "round " + i);
                String expected = "round " + i;
                await().untilAsserted(() ->
                        assertThat(directory.resolve("books.json")).content().contains(expected));
            }
        }
    }

    /** It is in the journal; to write down a million records for it would take a second of a processor, again and again. */
    @Test
    void aChangeOfTheLedgerAloneHasNothingWrittenAnew() throws IOException {
        CollectionSchema<Book, Long> shelf = Book.schema("shelf", JsonLayout.array());
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(20));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books, shelf)))) {
            writtenDown(store, books, "first");
            Set<String> before = checkpoints(directory, "books");
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
            for (int i = 0; i < 10; i++) {
                writtenDown(store, shelf, "round " + i);
            }
            assertThat(checkpoints(directory, "books")).isEqualTo(before);
        }
        try (JsonStore store = JsonStore.open(settings, List.of(books, shelf))) {
            assertThat(store.ledger().read(books))
                    .hasValueSatisfying(entry -> assertThat(entry.mirroring()).isEqualTo(Mirroring.ON));
        }
    }

    /** Or it would be read at each start, and so would all that others have written behind it. */
    @Test
    void whatOnlyTheJournalOfAKilledProcessHasIsWrittenDownBehindTheNextStart() throws IOException {
        Path home = directory.resolve("home");
        Path crashed = directory.resolve("crashed");
        try (JsonStore store = Book.serving(Book.open(home, books))) {
            Book.save(store, books, 1, "one");
            store.checkpoint();
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
            Crash.copy(home, crashed);
        }
        Set<String> before = checkpoints(crashed, "books");
        JsonSettings settings = JsonSettings.of(crashed).withCheckpointDelay(Duration.ofMillis(20));
        JsonStore store = JsonStore.open(settings, List.of(books));
        try (store) {
            await().untilAsserted(
                            () -> assertThat(checkpoints(crashed, "books")).isNotEqualTo(before));
        }
    }

    private void writtenDown(JsonStore store, CollectionSchema<Book, Long> schema, String title) {
        Book.save(store, schema, 1, title);
        await().untilAsserted(() ->
                assertThat(directory.resolve(schema.name() + ".json")).content().contains(title));
    }

    private static Set<String> checkpoints(Path directory, String collection) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(".switchover"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("checkpoint-" + collection + "-"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aLongJournalBringsTheCheckpointForward() {
        JsonSettings settings = Book.settings(directory).withJournalLimit(1 << 16);
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books)))) {
            Book.save(store, books, 1, "x".repeat(1 << 16));
            await().until(() -> Files.exists(directory.resolve("books.json")));
        }
    }

    @Test
    void aReaderBesideABusyWriterSeesWholeUnitsOfWork() throws Exception {
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(1));
        AtomicBoolean enough = new AtomicBoolean();
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books)))) {
            store.write(List.of(Book.put(books, 1, "0"), Book.put(books, 2, "0")));
            Thread writer = new Thread(() -> {
                for (int i = 1; !enough.get(); i++) {
                    store.write(List.of(Book.put(books, 1, "" + i), Book.put(books, 2, "" + i)));
                }
            });
            writer.start();
            try {
                for (int i = 0; i < 50; i++) {
                    ReadOnlyJsonStore reading = JsonStore.openReadOnly(settings, List.of(books));
                    List<RawRecord> found = reading.list(books, Query.all());
                    assertThat(found).hasSize(2);
                    assertThat(title(found.get(0))).isEqualTo(title(found.get(1)));
                }
            } finally {
                enough.set(true);
                writer.join();
            }
        }
    }

    private static String title(RawRecord record) {
        return new String(record.body(), StandardCharsets.UTF_8).replaceAll(".*title", "");
    }

    @Test
    void aCollectionWhoseChangesAreOnlyInTheJournalCannotBeLeftOut() throws IOException {
        CollectionSchema<Book, Long> shelf = Book.schema("shelf", JsonLayout.objectKeyedById());
        Path crashed = directory.resolve("crashed");
        Path home = directory.resolve("home");
        try (JsonStore store = Book.serving(Book.open(home, books, shelf))) {
            Book.save(store, shelf, 1, "one");
            Crash.copy(home, crashed);
        }
        assertThatThrownBy(() -> Book.open(crashed, books))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("COLLECTION-NOT-OPENED")
                .hasMessageContaining("shelf");
        Book.open(crashed, books, shelf).close();
        try (JsonStore store = Book.serving(Book.open(crashed, books))) {
            Book.save(store, books, 1, "alone");
        }
        try (JsonStore store = Book.open(crashed, books, shelf)) {
            assertThat(Book.all(store, shelf)).hasSize(1);
            assertThat(Book.all(store, books)).hasSize(1);
        }
    }

    @Test
    void aSymbolicLinkStaysOne() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path target = Files.writeString(elsewhere.resolve("real.json"), "[]");
        Path home = Files.createDirectory(directory.resolve("home"));
        Path link = Files.createSymbolicLink(home.resolve("books.json"), target);
        try (JsonStore store = Book.serving(Book.open(home, books))) {
            Book.save(store, books, 1, "one");
        }
        assertThat(link).isSymbolicLink();
        assertThat(target).content().contains("one");
    }
}
