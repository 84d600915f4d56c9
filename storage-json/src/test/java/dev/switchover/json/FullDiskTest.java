package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    private FaultyDisk disk;

    @BeforeEach
    void soundDisk() {
        disk = FaultyDisk.sound(directory);
    }

    @Test
    void aFullDiskRefusesWritesServesReadsAndWorksAgainWhenThereIsRoom() {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            Book.save(store, books, 1, "one");
            disk.failWhen(call -> call.startsWith("write") || call.startsWith("create"));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> Book.save(store, books, 2, "two"))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("Nothing was written; reads go on");
                assertThat(Book.all(store, books)).hasSize(1);
            }
            disk.failWhen(null);
            Book.save(store, books, 3, "three");
        }
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).hasSize(2);
            assertThat(store.find(books, new RecordId("2"))).isEmpty();
        }
    }

    @Test
    void noRoomForMoreJournalIsNoDamage() {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            String large = "x".repeat(700_000);
            Book.save(store, books, 1, large);
            long before = disk.log().stream()
                    .filter(call -> call.startsWith("create"))
                    .count();
            disk.failWhen(call -> call.startsWith("write"));
            assertThatThrownBy(() -> Book.save(store, books, 2, large))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("has no room");
            disk.failWhen(null);
            Book.save(store, books, 3, "three");
            assertThat(disk.log().stream().filter(call -> call.startsWith("create")))
                    .as("no new segment, no checkpoint")
                    .hasSize((int) before);
        }
    }

    @Test
    void afterAFailedForceNothingIsForcedAgainInThatSegment() {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            Book.save(store, books, 1, "one");
            disk.failWhen(call -> call.equals("force journal-1-1"));
            assertThatThrownBy(() -> Book.save(store, books, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            List<String> log = disk.log();
            int failed = log.lastIndexOf("force journal-1-1");
            disk.failWhen(null);
            Book.save(store, books, 3, "three");
            assertThat(disk.log().subList(failed + 1, disk.log().size()))
                    .doesNotContain("force journal-1-1")
                    .contains("force journal-1-2");
            assertThat(store.find(books, new RecordId("2"))).isEmpty();
        }
    }

    /** A collection whose only change was refused has none since its checkpoint, whatever else was lost with that force. */
    @Test
    void whatWasRefusedIsNotMissedAfterAPowerLoss() throws IOException {
        CollectionSchema<Book, Long> notes = Book.schema("notes", JsonLayout.array());
        try (JsonStore store = Book.serving(Book.open(directory, disk, books, notes))) {
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
            Book.save(store, notes, 1, "one");
            store.checkpoint();
            Book.save(store, books, 1, "one");
            PendingMark mark =
                    store.pending().take(List.of(books), 1, 1).records().get(0).mark();
            store.pending().acknowledge(Map.of(books, new Fence(1, 0)), List.of(mark));
            disk.failWhen(call -> call.equals("force journal-1-1"));
            assertThatThrownBy(() -> Book.save(store, notes, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            disk.failWhen(call -> call.startsWith("delete journal"));
            Book.save(store, books, 3, "three");
            disk.failWhen(call -> true);
        }
        disk.losePower(new Random(0));
        try (JsonStore store = Book.open(directory, books, notes)) {
            assertThat(Book.all(store, books)).hasSize(2);
            assertThat(Book.all(store, notes)).hasSize(1);
        }
    }

    @Test
    void aSegmentLeftAfterAFailureIsDeletedThoughACollectionIsIdle() {
        CollectionSchema<Book, Long> notes = Book.schema("notes", JsonLayout.array());
        try (JsonStore store = Book.serving(Book.open(directory, disk, books, notes))) {
            Book.save(store, notes, 1, "one");
            store.checkpoint();
            Book.save(store, books, 1, "one");
            disk.failWhen(call -> call.equals("force journal-1-1"));
            assertThatThrownBy(() -> Book.save(store, notes, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            disk.failWhen(null);
            Book.save(store, books, 2, "two");
            store.checkpoint();
            assertThat(directory.resolve(".switchover/journal-1-1")).doesNotExist();
        }
    }

    /** An edit by hand is compared with the oldest checkpoint there is, and with the journal from there on. */
    @Test
    void aCheckpointThatCouldNotBeDeletedKeepsItsJournal() throws IOException {
        Path crashed = directory.resolve("crashed");
        Path home = Files.createDirectory(directory.resolve("home"));
        FaultyDisk failing = FaultyDisk.sound(home);
        try (JsonStore store = Book.serving(Book.open(home, failing, books))) {
            store.checkpoint();
            for (int i = 0; i < 26; i++) {
                Book.save(store, books, 1, "x".repeat(700_000) + i);
            }
            failing.failWhen(call -> call.startsWith("delete checkpoint-books"));
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            failing.failWhen(null);
            store.checkpoint();
            Crash.copy(home, crashed);
        }
        Path file = crashed.resolve("books.json");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.lastIndexOf(']')) + ",{\"id\":2,\"title\":\"by hand\"}]");
        try (JsonStore store = Book.open(crashed, books)) {
            assertThat(Book.all(store, books)).hasSize(2);
        }
    }

    @Test
    void aForceThatFailedBehindADeletionIsRepeated() {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            for (int i = 0; i < 26; i++) {
                Book.save(store, books, 1, "x".repeat(700_000) + i);
            }
            disk.failWhen(call -> call.equals("force .switchover")
                    && disk.log().get(disk.log().size() - 2).startsWith("delete checkpoint-books"));
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            disk.failWhen(null);
            int before = disk.log().size();
            store.checkpoint();
            List<String> calls = disk.log().subList(before, disk.log().size());
            int deleted = calls.indexOf("delete journal-1-1");
            assertThat(deleted).isPositive();
            assertThat(calls.get(0)).isEqualTo("force .switchover");
        }
    }

    /** Of two that are back after a power loss, the second tells where the first ends. */
    @Test
    void oneSegmentIsDurablyGoneBeforeTheNextIsDeleted() {
        String large = "x".repeat(700_000);
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            disk.failWhen(call -> call.equals("delete journal-1-1"));
            for (int i = 0; i < 60; i++) {
                Book.save(store, books, 1, large + i);
                if (i % 25 == 24) {
                    store.checkpoint();
                }
            }
            disk.failWhen(null);
            int before = disk.log().size();
            store.checkpoint();
            List<String> calls = disk.log().subList(before, disk.log().size()).stream()
                    .filter(call -> call.startsWith("delete journal") || call.equals("force .switchover"))
                    .toList();
            assertThat(calls).containsSubsequence("delete journal-1-1", "force .switchover", "delete journal-1-2");
        }
    }

    @Test
    void whatAFailedForceHasLostIsInTheCheckpointThatFollows() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            store.ledger().compareAndSet(books, entry, entry.with(Mirroring.ON), "test");
            Book.save(store, books, 1, "one");
            // Not forced: its pages are lost with the force that fails.
            PendingMark mark =
                    store.pending().take(List.of(books), 1, 1).records().get(0).mark();
            store.pending().acknowledge(Map.of(books, new Fence(1, 0)), List.of(mark));
            disk.failWhen(call -> call.equals("force journal-1-1"));
            assertThatThrownBy(() -> Book.save(store, books, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            disk.failWhen(null);
            Book.save(store, books, 3, "three");
            disk.failWhen(call -> true);
        }
        disk.losePower(new Random(0));
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).hasSize(2);
            assertThat(store.pending().summary(books).count()).isEqualTo(1);
        }
    }

    @Test
    void aWriteThatMayBeOnABrokenDiskIsUnknown() {
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            disk.failWhen(call -> call.startsWith("force"));
            assertThatThrownBy(() -> Book.save(store, books, 1, "one")).isInstanceOf(UnknownOutcomeException.class);
            assertThatThrownBy(() -> Book.save(store, books, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(store::ping).isInstanceOf(StoreUnavailableException.class);
            disk.failWhen(null);
            store.ping();
            Book.save(store, books, 3, "three");
            assertThat(Book.all(store, books)).hasSize(1);
        }
    }

    @Test
    void aHungDiskHoldsNobodyLongerThanTheDeadline() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        JsonSettings settings = Book.settings(directory).withDeadline(Duration.ofMillis(300));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books), disk, Clock.systemUTC()))) {
            disk.failWhen(call -> {
                if (call.startsWith("force journal")) {
                    hanging.countDown();
                    awaitUninterruptibly(free);
                }
                return false;
            });
            FutureTask<Object> first = new FutureTask<>(() -> Book.save(store, books, 1, "one"));
            new Thread(first).start();
            hanging.await();
            assertThatThrownBy(() -> Book.save(store, books, 2, "two"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("did not answer within 300 ms; nothing was written");
            assertThatThrownBy(first::get).hasCauseInstanceOf(UnknownOutcomeException.class);
            assertThat(Book.all(store, books)).isEmpty();
            free.countDown();
            disk.failWhen(null);
            Book.save(store, books, 3, "three");
            assertThat(Book.all(store, books))
                    .as("what was unknown came true, what was refused did not")
                    .hasSize(2);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
