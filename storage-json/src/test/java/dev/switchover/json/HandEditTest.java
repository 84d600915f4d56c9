package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.recovery.CollidingEdits;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandEditTest {

    private static final String ONE = "{\"id\":1,\"title\":\"one\"}";
    private static final String TWO = "{\"id\":2,\"title\":\"two\"}";
    private static final String THREE = "{\"id\":3,\"title\":\"three\"}";

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void threeBooks() throws IOException {
        file = directory.resolve("books.json");
        write(ONE, TWO, THREE);
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
        }
    }

    private void write(String... records) throws IOException {
        Files.writeString(file, "[\n" + String.join(",\n", records) + "\n]\n");
    }

    private String text() throws IOException {
        return Files.readString(file);
    }

    private List<String> pending(JsonStore store) {
        List<String> ids = new ArrayList<>();
        store.pending()
                .take(List.of(books), 100, Long.MAX_VALUE)
                .records()
                .forEach(pending -> ids.add(pending.mark().id() + " v"
                        + pending.mark().version() + (pending.present() == null ? " gone" : "")));
        Collections.sort(ids);
        return ids;
    }

    @Test
    void nothingIsPendingAfterAnOrdinaryRestart() {
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).containsExactly("1/1 " + ONE, "2/2 " + TWO, "3/3 " + THREE);
            assertThat(pending(store)).isEmpty();
        }
    }

    @Test
    void changedNewAndRemovedRecordsAreTakenInWithNewVersionsAndArePending() throws IOException {
        String changed = "{\"id\":2,\"title\":\"edited\"}";
        String added = "{ \"id\": 9, \"title\": \"new\" }";
        write(ONE, changed, added);
        String edited = text();
        for (int start = 0; start < 2; start++) {
            try (JsonStore store = Book.open(directory, books)) {
                assertThat(Book.all(store, books)).containsExactly("1/1 " + ONE, "4/2 " + changed, "5/5 " + added);
                assertThat(pending(store)).containsExactly("2 v4", "3 v6 gone", "9 v5");
                assertThat(store.ledger().read(books).orElseThrow().highestId()).isEqualTo(9);
            }
        }
        assertThat(text()).as("the file stays as it was edited").isEqualTo(edited);
    }

    @Test
    void anotherOrderIsTakenInFromThePlaceOnWhereItDiffers() throws IOException {
        write(ONE, THREE, TWO);
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).containsExactly("1/1 " + ONE, "3/3 " + THREE, "4/4 " + TWO);
            assertThat(pending(store)).containsExactly("2 v4");
        }
        write("{\"id\":7,\"title\":\"first\"}", ONE, THREE, TWO);
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books))
                    .containsExactly("5/5 {\"id\":7,\"title\":\"first\"}", "6/6 " + ONE, "7/7 " + THREE, "8/8 " + TWO);
        }
    }

    @Test
    void whiteSpaceBetweenRecordsIsNoEdit() throws IOException {
        Files.writeString(file, "[" + ONE + ",   " + TWO + "," + THREE + "]");
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(pending(store)).isEmpty();
        }
    }

    @Test
    void aCorruptEditIsRefusedAndLeftAlone() throws IOException {
        Files.writeString(file, "[" + ONE + ",");
        assertThatThrownBy(() -> Book.open(directory, books)).isInstanceOf(CorruptFileException.class);
        assertThat(text()).isEqualTo("[" + ONE + ",");
    }

    @Test
    void anEditAfterACrashIsTakenInBesideTheJournalsChangesOfOtherRecords() throws IOException {
        crashAfterChangingTwo();
        write(ONE.replace("one", "edited"), TWO, THREE);
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books))
                    .containsExactly(
                            "5/1 {\"id\":1,\"title\":\"edited\"}",
                            "4/2 {\"id\":2,\"title\":\"journal\"}",
                            "3/3 " + THREE);
            assertThat(pending(store)).containsExactly("1 v5", "2 v4");
        }
        assertThat(text()).contains("edited").contains("journal");
    }

    @Test
    void anEditThatCollidesWithTheJournalIsRefusedAndBothVersionsAreKept() throws IOException {
        crashAfterChangingTwo();
        write(ONE, TWO.replace("two", "edited"), THREE);
        String edited = text();
        assertThatThrownBy(() -> Book.open(directory, books))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("EDIT-COLLIDES");
                    assertThat(refused).hasMessageContaining("newer versions in the journal: 2");
                });
        assertThat(text()).isEqualTo(edited);
        try (JsonStore store =
                JsonStore.open(Book.settings(directory).withCollidingEdits(CollidingEdits.JOURNAL), List.of(books))) {
            assertThat(Book.all(store, books)).contains("4/2 {\"id\":2,\"title\":\"journal\"}");
        }
    }

    @Test
    void toldSoTheEditedFileCountsOverTheJournal() throws IOException {
        crashAfterChangingTwo();
        write(ONE, TWO.replace("two", "edited"), THREE);
        try (JsonStore store =
                JsonStore.open(Book.settings(directory).withCollidingEdits(CollidingEdits.FILE), List.of(books))) {
            assertThat(Book.all(store, books)).contains("5/2 {\"id\":2,\"title\":\"edited\"}");
        }
    }

    /** Leaves the directory as a crash does: the change is in the journal, and the file does not have it. */
    private void crashAfterChangingTwo() throws IOException {
        crashAfter(store -> Book.save(store, books, 2, "journal"));
    }

    private void crashAfter(Consumer<JsonStore> changes) throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            changes.accept(store);
            Crash.copy(directory.resolve(".switchover"), copy.resolve(".switchover"));
            Files.copy(file, copy.resolve("books.json"));
        }
        directory = copy;
        file = copy.resolve("books.json");
    }

    /** An edit is compared with the oldest checkpoint there is, and with the journal from there on. */
    @Test
    void anEditIsTakenInThoughACrashOnceLeftAnOlderCheckpoint() throws IOException {
        Path hidden = directory.resolve(".switchover");
        Path older;
        try (var checkpoints = Files.newDirectoryStream(hidden, "checkpoint-books-*")) {
            older = checkpoints.iterator().next();
        }
        byte[] kept = Files.readAllBytes(older);
        crashAfter(store -> {
            Book.save(store, books, 2, "changed");
            store.checkpoint();
        });
        Path left = directory.resolve(".switchover").resolve(older.getFileName());
        assertThat(left).doesNotExist();
        Files.write(left, kept);
        crashAfter(store -> assertThat(Book.all(store, books)).hasSize(3));
        write(ONE.replace("one", "edited"), TWO.replace("two", "changed"), THREE);
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books).toString()).contains("edited", "changed", THREE);
        }
    }

    @Test
    void aRecordDeletedAndMadeAnewInTheJournalIsKeptBesideAnEditOfAnother() throws IOException {
        crashAfter(store -> {
            store.write(List.of(Book.delete(books, 2)));
            Book.save(store, books, 2, "anew");
        });
        String edited = "{\"id\":1,\"title\":\"edited\"}";
        write(edited, TWO, THREE);
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books).stream().map(record -> record.split(" ", 2)[1]))
                    .containsExactlyInAnyOrder(edited, THREE, "{\"id\":2,\"title\":\"anew\"}");
        }
    }

    @Test
    void whereTheOtherStoreIsTheAuthorityTheEditIsSavedAsideAndTheMirrorComparedAgain() throws IOException {
        String token;
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(State.MIRROR, 2), "test");
            token = store.ledger().remember(books).token();
            store.ledger().noteSeen(books, new Fence(2, entry.term()), new Position("other", 9, "x", Instant.EPOCH));
            assertThat(store.ledger().remembers(books, token)).isTrue();
        }
        write(ONE, TWO.replace("two", "edited"), THREE);
        String edited = text();
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).containsExactly("1/1 " + ONE, "3/3 " + THREE);
            assertThat(store.ledger().remembers(books, token)).isFalse();
            assertThat(store.ledger().read(books).orElseThrow().seen().isNone()).isTrue();
        }
        assertThat(aside()).containsExactly(edited);
        assertThat(text()).doesNotContain("edited");
    }

    @Test
    void anEditWhileTheServiceRunsIsSavedAsideAndReported() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            write(ONE.replace("one", "eno"), TWO, THREE);
            String edited = text();
            Book.save(store, books, 4, "four");
            store.checkpoint();
            assertThat(aside()).containsExactly(edited);
            assertThat(text()).contains("four").contains("\"one\"");
            Files.delete(file);
            Book.save(store, books, 5, "five");
            store.checkpoint();
            assertThat(text()).contains("five");
        }
    }

    @Test
    void anEditedEnvelopeIsARecordThatChanged() throws IOException {
        CollectionSchema<Book, Long> shelf =
                Book.schema("shelf", JsonLayout.array().in("/books"));
        Path shelfFile = directory.resolve("shelf.json");
        Files.writeString(shelfFile, "{\"currency\": \"EUR\", \"books\": [" + ONE + "]}");
        try (JsonStore store = Book.serving(Book.open(directory, shelf, books))) {
            LedgerEntry entry = store.ledger().read(shelf).orElseThrow();
            store.ledger().compareAndSet(shelf, entry, entry.with(Mirroring.SYNCING), "test");
        }
        Files.writeString(shelfFile, "{\"currency\": \"USD\", \"books\": [" + ONE + "]}");
        try (JsonStore store = Book.open(directory, shelf, books)) {
            assertThat(new String(
                            store.find(shelf, RecordId.ENVELOPE).orElseThrow().body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"currency\": \"USD\", \"books\": []}");
            assertThat(store.pending().among(shelf, List.of(RecordId.ENVELOPE, new RecordId("1"))))
                    .containsExactly(RecordId.ENVELOPE);
        }
    }

    @Test
    void aNewDataSetCanBeginInADirectoryWhoseHiddenFolderWasMovedAway() throws IOException {
        Files.move(directory.resolve(".switchover"), directory.resolve("moved"));
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(store.ledger().read(books)).isEmpty();
            assertThat(Book.all(store, books)).hasSize(3);
            assertThat(store.ledger()
                            .compareAndSet(books, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "anew"))
                    .isTrue();
        }
    }

    private List<String> aside() throws IOException {
        List<String> texts = new ArrayList<>();
        try (var files = Files.list(directory.resolve(".switchover/aside"))) {
            for (Path copy : (Iterable<Path>) files::iterator) {
                texts.add(Files.readString(copy));
            }
        }
        return texts;
    }
}
