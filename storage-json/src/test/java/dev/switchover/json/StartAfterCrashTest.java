package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes sure of before it goes on from what it found. */
class StartAfterCrashTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    private FaultyDisk disk;

    @BeforeEach
    void soundDisk() {
        disk = FaultyDisk.sound(directory);
    }

    /** The first life leaves a frame that was never forced; the second reads it, goes on behind it, and loses power. */
    @Test
    void whatAStartHasReadIsThereAfterAPowerLoss() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
            Book.save(store, books, 1, "one");
            PendingMark mark =
                    store.pending().take(List.of(books), 1, 1).records().get(0).mark();
            store.pending().acknowledge(Map.of(books, new Fence(1, 0)), List.of(mark));
            disk.failWhen(call -> true);
        }
        disk.failWhen(null);
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            assertThat(store.pending().summary(books).count()).isZero();
            Book.save(store, books, 2, "two");
            disk.failWhen(call -> true);
        }
        disk.losePower(new Random(0));
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).hasSize(2);
        }
    }

    /** What somebody copied there a moment ago counts from the first checkpoint on, so it is on the disk before that. */
    @Test
    void aFoundFileIsForcedBeforeItsCheckpoint() throws IOException {
        Files.writeString(directory.resolve("books.json"), "[{\"id\":1,\"title\":\"one\"}]");
        Book.open(directory, disk, books).close();
        assertThat(disk.log())
                .containsSubsequence(
                        "force books.json", "force " + directory.getFileName(), "rename checkpoint-books-1");
    }

    @Test
    void aLastCheckpointLeavesNoOlderOne() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            store.nextId(books);
            Book.save(store, books, 1, "one");
            store.checkpoint();
        }
        try (var checkpoints = Files.list(directory.resolve(".switchover"))) {
            assertThat(checkpoints.filter(file -> file.getFileName().toString().startsWith("checkpoint-books")))
                    .hasSize(1);
        }
    }

    @Test
    void aStartGoesOnBesideAnOlderCheckpointThatCannotBeDeleted() throws IOException {
        Path crashed = besideAnOlderCheckpoint();
        FaultyDisk stuck = FaultyDisk.sound(crashed);
        stuck.failWhen(call -> call.startsWith("delete checkpoint-books"));
        try (JsonStore store = Book.serving(Book.open(crashed, stuck, books))) {
            assertThat(Book.all(store, books)).hasSize(1);
            assertThat(crashed.resolve(".switchover/journal-1-1")).exists();
            stuck.failWhen(null);
            Book.save(store, books, 2, "three");
            store.checkpoint();
            assertThat(crashed.resolve(".switchover/checkpoint-books-2")).doesNotExist();
            assertThat(crashed.resolve(".switchover/journal-1-1")).doesNotExist();
        }
    }

    /** A force that failed is not repeated, for the second one would succeed whatever has become of the data. */
    @Test
    void whatCouldNotBeForcedAtTheStartIsWrittenAnewBeforeAnythingIsDeleted() throws IOException {
        Path crashed = besideAnOlderCheckpoint();
        FaultyDisk stuck = FaultyDisk.sound(crashed);
        stuck.failWhen(call -> call.equals("force crashed"));
        try (JsonStore store = Book.serving(Book.open(crashed, stuck, books))) {
            assertThat(crashed.resolve(".switchover/checkpoint-books-2")).exists();
            stuck.failWhen(null);
            int before = stuck.log().size();
            store.checkpoint();
            assertThat(stuck.log().subList(before, stuck.log().size()))
                    .containsSubsequence(
                            "rename books.json", "force crashed", "delete checkpoint-books-2", "force .switchover");
        }
    }

    @Test
    void aFileThatIsGoneWhenItIsFirstForcedIsWrittenAgain() throws IOException {
        Path crashed = besideAnOlderCheckpoint();
        Path file = crashed.resolve("books.json");
        String text = Files.readString(file);
        FaultyDisk stuck = FaultyDisk.sound(crashed);
        stuck.failWhen(call -> call.equals("force books.json"));
        try (JsonStore store = Book.serving(Book.open(crashed, stuck, books))) {
            stuck.failWhen(null);
            Files.delete(file);
            store.checkpoint();
            assertThat(file).hasContent(text);
        }
    }

    /** Checkpoint 3 says how the file is, and 2, which a process that was killed had not deleted yet, is there too. */
    private Path besideAnOlderCheckpoint() throws IOException {
        Path crashed = directory.resolve("crashed");
        Path home = Files.createDirectory(directory.resolve("home"));
        byte[] older;
        try (JsonStore store = Book.serving(Book.open(home, books))) {
            Book.save(store, books, 1, "one");
            store.checkpoint();
            older = Files.readAllBytes(home.resolve(".switchover/checkpoint-books-2"));
            Book.save(store, books, 1, "two");
            store.checkpoint();
            Crash.copy(home, crashed);
        }
        Files.write(crashed.resolve(".switchover/checkpoint-books-2"), older);
        return crashed;
    }

    /** As a crash left it, before the older one was deleted and perhaps before the file's name was on the disk. */
    @Test
    void anOlderCheckpointIsDurablyGoneBeforeItsJournal() throws IOException {
        Path crashed = besideAnOlderCheckpoint();
        FaultyDisk sound = FaultyDisk.sound(crashed);
        Book.open(crashed, sound, books).close();
        assertThat(sound.log())
                .containsSubsequence(
                        "force crashed", "delete checkpoint-books-2", "force .switchover", "delete journal-1-1");
    }
}
