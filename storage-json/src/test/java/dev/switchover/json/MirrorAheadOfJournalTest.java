package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.json.testing.WaitingDisk;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a mirror has in memory before it is in the journal: nobody waits for a file, and nothing that was forced is lost. */
class MirrorAheadOfJournalTest {

    private static final Fence FENCE = new Fence(1, 0);

    private final CollectionSchema<Book, Long> books = Book.schema();
    private final ExecutorService other = Executors.newCachedThreadPool();
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @TempDir
    Path directory;

    private final Set<Map.Entry<String, Long>> tried = new HashSet<>();
    private Path home;
    private FaultyDisk disk;

    @BeforeEach
    void soundDisk() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        disk = FaultyDisk.sound(home);
    }

    @AfterEach
    void end() {
        goOn.countDown();
        other.shutdownNow();
    }

    private JsonStore mirror() {
        JsonStore store = Book.open(home, disk, books);
        LedgerEntry first = LedgerEntry.first(UUID.randomUUID(), Position.NONE);
        try {
            store.ledger().compareAndSet(books, null, first.with(State.MIRROR, 1), "test");
        } catch (StorageException injected) {
            stop(store);
            throw injected;
        }
        return store;
    }

    private MirrorChange present(long id, long version) {
        RecordId name = new RecordId("" + id);
        return new MirrorChange(books, name, version, new RawRecord(name, version, id, Book.body(id, "v" + version)));
    }

    private MirrorChange absent(long id, long version) {
        return new MirrorChange(books, new RecordId("" + id), version, null);
    }

    private void apply(JsonStore store, MirrorChange... changes) {
        store.mirrorTarget().apply(Map.of(books, FENCE), List.of(changes), Map.of());
    }

    /** Versions by id. */
    private Map<String, Long> stored(JsonStore store) {
        Map<String, Long> stored = new TreeMap<>();
        for (RawRecord record : store.list(books, Query.all())) {
            stored.put(record.id().text(), record.version());
        }
        return stored;
    }

    private Map<String, Long> storedIn(Path copy) {
        try (JsonStore store = Book.open(copy, books)) {
            return stored(store);
        }
    }

    private boolean hang() {
        hangs.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return false;
    }

    @Test
    @Timeout(60)
    void anApplyDoesNotWaitForTheDiskAndAForceDoes() throws Exception {
        try (JsonStore store = mirror()) {
            disk.failWhen(call -> call.startsWith("write journal") && hang());
            apply(store, present(1, 1));
            apply(store, present(1, 2), present(2, 3));
            apply(store, absent(1, 4));
            assertThat(stored(store)).containsOnly(Map.entry("2", 3L));
            Future<?> force = other.submit(() -> store.mirrorTarget().force(Map.of()));
            assertThat(force.isDone()).isFalse();
            goOn.countDown();
            force.get();
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed"))).containsOnly(Map.entry("2", 3L));
    }

    @Test
    @Timeout(60)
    void whatWaitsForADecisionInTheDiskGivesUpInItsTime() throws Exception {
        try (JsonStore store = mirror()) {
            BoundedApply bounded = Objects.requireNonNull(store.mirrorTarget().within(Duration.ofMillis(50)));
            disk.failWhen(call -> call.startsWith("write journal") && hang());
            Future<?> decided = other.submit(() -> store.ledger().remember(books));
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> bounded.apply(Map.of(books, FENCE), List.of(present(1, 1)), Map.of()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("within 50 ms; nothing was written"));
            goOn.countDown();
            decided.get();
            assertThat(bounded.apply(Map.of(books, FENCE), List.of(present(2, 2)), Map.of()))
                    .isTrue();
            store.mirrorTarget().force(Map.of());
            assertThat(stored(store)).containsKey("2");
        }
    }

    /** Memory is not filled without end while a disk hangs. */
    @Test
    @Timeout(60)
    void onlySoMuchIsAhead() throws Exception {
        try (JsonStore store = mirror()) {
            BoundedApply bounded = Objects.requireNonNull(store.mirrorTarget().within(Duration.ofMillis(50)));
            disk.failWhen(call -> call.startsWith("write journal") && hang());
            bounded.apply(Map.of(books, FENCE), List.of(present(1, 1)), Map.of());
            hangs.await();
            assertThatThrownBy(() -> {
                        for (long version = 2; version <= 3_000; version++) {
                            bounded.apply(Map.of(books, FENCE), List.of(present(1, version)), Map.of());
                        }
                    })
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nothing was written");
            assertThat(stored(store).get("1")).isBetween(1_000L, 2_100L);
            goOn.countDown();
            store.mirrorTarget().force(Map.of());
        }
    }

    @Test
    @Timeout(60)
    void whatComesWhileAForceFailsIsInTheCheckpointThatHeals() throws Exception {
        try (JsonStore store = mirror()) {
            apply(store, present(1, 1));
            CountDownLatch forcing = new CountDownLatch(1);
            disk.failWhen(call -> {
                if (!call.equals("force journal-1-1")) {
                    return false;
                }
                forcing.countDown();
                return !hang();
            });
            Future<?> force = other.submit(() -> store.mirrorTarget().force(Map.of()));
            forcing.await();
            apply(store, present(2, 2));
            goOn.countDown();
            assertThatThrownBy(force::get).hasCauseInstanceOf(StoreUnavailableException.class);
            apply(store, present(3, 3));
            store.mirrorTarget().force(Map.of());
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed"))).containsOnlyKeys("1", "2", "3");
    }

    @Test
    @Timeout(60)
    void nothingComesIntoMemoryBehindTheCheckpointThatHeals() throws Exception {
        try (JsonStore store = mirror()) {
            apply(store, present(1, 1));
            CountDownLatch healing = new CountDownLatch(1);
            disk.failWhen(call -> {
                if (call.startsWith("rename")) {
                    healing.countDown();
                    return hang();
                }
                return call.equals("force journal-1-1");
            });
            Future<?> force = other.submit(() -> store.mirrorTarget().force(Map.of()));
            healing.await();
            Future<?> applied = other.submit(() -> apply(store, present(2, 2)));
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            goOn.countDown();
            assertThatThrownBy(force::get).hasCauseInstanceOf(StoreUnavailableException.class);
            applied.get();
            store.mirrorTarget().force(Map.of());
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed"))).containsOnlyKeys("1", "2");
    }

    @Test
    void itIsInTheJournalSoonWithoutAForce() {
        try (JsonStore store = mirror()) {
            apply(store, present(1, 1));
            Path crashed = directory.resolve("crashed");
            await().until(() -> {
                Crash.copy(home, crashed);
                return storedIn(crashed).containsKey("1");
            });
        }
    }

    /** Whoever wakes the committer up for each apply makes it wait for a processor. */
    @Test
    void whatComesInARowIsWrittenTogether() {
        try (JsonStore store = mirror()) {
            AtomicInteger writes = new AtomicInteger();
            long began = System.nanoTime();
            disk.failWhen(call -> call.startsWith("write journal") && writes.incrementAndGet() < 0);
            for (long version = 1; version <= 2_000; version++) {
                apply(store, present(version % 100, version));
            }
            // One for each rest of 20 ms, and for each thousand that may be ahead.
            long rests = (System.nanoTime() - began) / 20_000_000;
            assertThat(writes.get()).isLessThanOrEqualTo((int) rests + 3);
            store.mirrorTarget().force(Map.of());
            assertThat(stored(store)).hasSize(100).containsEntry("0", 2_000L);
        }
    }

    @Test
    void aFenceIsAskedFirst() {
        try (JsonStore store = mirror()) {
            assertThatThrownBy(() -> store.mirrorTarget()
                            .apply(Map.of(books, new Fence(1, 7)), List.of(present(1, 1)), Map.of()))
                    .isInstanceOf(FencedException.class);
            assertThat(stored(store)).isEmpty();
        }
    }

    /** Two do not fit into the room that a journal takes at a time. */
    private MirrorChange large(long id, long version) {
        RecordId name = new RecordId("" + id);
        byte[] body = Book.body(id, "x".repeat(700_000));
        return new MirrorChange(books, name, version, new RawRecord(name, version, id, body));
    }

    @Test
    void withoutRoomItStaysAndIsWrittenInItsOrderWhenThereIs() throws IOException {
        try (JsonStore store = mirror()) {
            apply(store, large(1, 1));
            store.mirrorTarget().force(Map.of());
            disk.failWhen(call -> call.startsWith("write") || call.startsWith("create"));
            apply(store, large(2, 2));
            for (long id = 3; id <= 8; id++) {
                apply(store, present(id, id));
            }
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class);
            apply(store, present(1, 9));
            disk.failWhen(null);
            store.mirrorTarget().force(Map.of());
            apply(store, present(2, 10));
            store.mirrorTarget().force(Map.of());
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed")))
                .containsEntry("1", 9L)
                .containsEntry("2", 10L)
                .containsEntry("8", 8L)
                .hasSize(8);
    }

    /** Nothing crashed: a checkpoint has numbers that the journal never got. */
    @Test
    void numbersThatOnlyACheckpointHasAreNotGivenAgain() throws IOException {
        try (JsonStore store = mirror()) {
            apply(store, large(1, 1));
            store.mirrorTarget().force(Map.of());
            disk.failWhen(call -> call.startsWith("write journal"));
            apply(store, large(2, 2));
            for (long id = 3; id <= 8; id++) {
                apply(store, present(id, id));
            }
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        disk.failWhen(null);
        try (JsonStore next = Book.open(home, books)) {
            assertThat(stored(next)).hasSize(8);
            apply(next, present(1, 30));
            next.mirrorTarget().force(Map.of());
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed")))
                .containsEntry("1", 30L)
                .hasSize(8);
    }

    /** One that is closed, with a record in it that came during the last checkpoint, so that none covers it. */
    private Path closedSegment(JsonStore store) {
        for (long version = 1; version <= 26; version++) {
            apply(store, large(1, version));
            store.mirrorTarget().force(Map.of());
        }
        AtomicInteger during = new AtomicInteger();
        disk.failWhen(call -> {
            if (call.equals("rename books.json") && during.incrementAndGet() == 1) {
                apply(store, present(2, 27));
            }
            return false;
        });
        store.checkpoint();
        Path closed = home.resolve(".switchover").resolve("journal-1-1");
        assertThat(closed).exists();
        return closed;
    }

    /** Its checkpoints cover what the new segment has no room beside. */
    @Test
    @Timeout(60)
    void whatHealsMakesRoomForItsSegment() {
        try (JsonStore store = mirror()) {
            Path closed = closedSegment(store);
            disk.failWhen(call ->
                    call.equals("force journal-1-2") || call.equals("create journal-1-3") && Files.exists(closed));
            apply(store, present(3, 28));
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(closed)
                    .as("healed at once, so that everybody is told for sure")
                    .doesNotExist();
            store.mirrorTarget().force(Map.of());
        }
        assertThat(storedIn(home)).containsOnly(Map.entry("1", 26L), Map.entry("2", 27L), Map.entry("3", 28L));
    }

    /** What an earlier checkpoint covers is what its own has no room beside. */
    @Test
    @Timeout(60)
    void whatHealsMakesRoomForItsCheckpoint() {
        try (JsonStore store = mirror()) {
            Path closed = closedSegment(store);
            disk.failWhen(call -> call.equals("delete journal-1-1"));
            store.checkpoint();
            disk.failWhen(call -> call.equals("force journal-1-2")
                    || call.equals("create .books.json.switchover") && Files.exists(closed));
            apply(store, present(3, 28));
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class);
            store.mirrorTarget().force(Map.of());
            assertThat(closed).doesNotExist();
        }
        assertThat(storedIn(home)).containsOnly(Map.entry("1", 26L), Map.entry("2", 27L), Map.entry("3", 28L));
    }

    /** Deleting what checkpoints cover makes room, so it must not wait for room. */
    @Test
    @Timeout(60)
    void aFullDiskIsTidiedUpAndThenWrittenTo() {
        try (JsonStore store = mirror()) {
            Path closed = closedSegment(store);
            disk.failWhen(call -> call.startsWith("write journal") && Files.exists(closed));
            apply(store, present(3, 28));
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("has no room");
            store.checkpoint();
            assertThat(closed).doesNotExist();
            store.mirrorTarget().force(Map.of());
        }
        assertThat(storedIn(home)).containsOnly(Map.entry("1", 26L), Map.entry("2", 27L), Map.entry("3", 28L));
    }

    @Test
    @Timeout(60)
    void whatIsLargerThanABatchAndHasNoRoomIsTold() {
        try (JsonStore store = mirror()) {
            disk.failWhen(call -> call.startsWith("write journal"));
            MirrorChange[] unit =
                    LongStream.range(0, 13).mapToObj(id -> large(id, id + 1)).toArray(MirrorChange[]::new);
            apply(store, unit);
            assertThatThrownBy(() -> store.mirrorTarget().force(Map.of()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("has no room");
            disk.failWhen(null);
            store.mirrorTarget().force(Map.of());
        }
        assertThat(storedIn(home)).hasSize(13);
    }

    /** Killed between the checkpoints of two collections, before the step that changed both was in the journal. */
    @Test
    @Timeout(60)
    void aUnitIsThereWholeOrNotAtAll() throws Exception {
        CollectionSchema<Book, Long> notes = Book.schema("notes", JsonLayout.objectKeyedById());
        WaitingDisk waiting = new WaitingDisk(goOn);
        JsonStore store = Book.open(home, waiting, books, notes);
        try (store) {
            LedgerEntry first =
                    LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
            store.ledger().compareAndSet(books, null, first, "test");
            store.ledger().compareAndSet(notes, null, first, "test");
            store.checkpoint();
            waiting.waitWhen(call -> call.startsWith("write journal") || call.equals("rename notes.json"));
            RecordId id = new RecordId("7");
            RawRecord record = new RawRecord(id, 1, 1, Book.body(7, "unit"));
            store.mirrorTarget()
                    .apply(
                            Map.of(books, FENCE, notes, FENCE),
                            List.of(new MirrorChange(books, id, 1, record), new MirrorChange(notes, id, 1, record)),
                            Map.of());
            Future<?> checkpoint = other.submit(store::checkpoint);
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            Crash.copy(home, directory.resolve("crashed"));
            goOn.countDown();
            checkpoint.get();
        }
        try (JsonStore next = Book.open(directory.resolve("crashed"), books, notes)) {
            assertThat(next.list(notes, Query.all())).hasSameSizeAs(next.list(books, Query.all()));
        }
    }

    /** Wherever the disk fails once, or for good: what a force has answered for is there after a power loss, and no state comes that was never applied. */
    @Test
    void whateverCallFailsWhatWasForcedIsThereAfterAPowerLoss() throws IOException {
        appliedAndForced(0);
        int calls = disk.calls();
        assertThat(calls).isGreaterThan(50);
        for (int at = 1; at <= calls; at++) {
            int n = at;
            for (boolean once : List.of(true, false)) {
                home = Files.createDirectory(directory.resolve("home-" + n + once));
                disk = once ? FaultyDisk.failingOnceAt(home, n) : FaultyDisk.stoppingAt(home, n);
                Map<String, Long> forced = appliedAndForced(n);
                disk.losePower(new Random(n));
                Map<String, Long> found = storedIn(home);
                forced.forEach((id, version) -> assertThat(found.getOrDefault(id, 0L))
                        .as("record %s, call %d failing", id, n)
                        .isGreaterThanOrEqualTo(version));
                assertThat(tried).as("call %d failing", n).containsAll(found.entrySet());
            }
        }
    }

    private Map<String, Long> appliedAndForced(int seed) {
        Random random = new Random(seed);
        Map<String, Long> applied = new TreeMap<>();
        Map<String, Long> forced = new TreeMap<>();
        tried.clear();
        try {
            JsonStore store = mirror();
            for (long version = 1; version <= 60; version++) {
                long id = random.nextInt(5) + 1L;
                tried.add(Map.entry("" + id, version));
                try {
                    apply(store, present(id, version));
                    applied.put("" + id, version);
                    if (random.nextInt(6) == 0) {
                        store.mirrorTarget().force(Map.of());
                        forced = new TreeMap<>(applied);
                    }
                    if (random.nextInt(20) == 0) {
                        store.ledger().remember(books);
                    }
                    if (random.nextInt(20) == 0) {
                        store.checkpoint();
                    }
                } catch (StorageException injected) {
                    // Not forced, and not answered for.
                }
            }
            // Nothing is closed: the power is lost.
            stop(store);
        } catch (StorageException injected) {
            // It could not even be opened.
        }
        return forced;
    }

    /** Closes it on a disk that takes nothing any more. */
    private void stop(JsonStore store) {
        disk.failWhen(call -> true);
        try {
            store.close();
        } catch (StorageException injected) {
            // As it has to.
        }
    }

    @Test
    @Timeout(120)
    void manyAtATimeWithDecisionsForcesAndCheckpointsBetweenThem() throws Exception {
        Map<String, Long> expected = new TreeMap<>();
        try (JsonStore store = mirror()) {
            List<Future<?>> ended = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread * 1_000;
                ended.add(other.submit(() -> {
                    for (int i = 1; i <= 500; i++) {
                        apply(store, present(first + i % 50, i * 10L + first));
                        if (i % 7 == 0) {
                            store.mirrorTarget().force(Map.of());
                        }
                    }
                }));
                for (int i = 1; i <= 500; i++) {
                    expected.put("" + (first + i % 50), i * 10L + first);
                }
            }
            ended.add(other.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    store.ledger().remember(books);
                    if (i % 20 == 0) {
                        store.checkpoint();
                    }
                }
            }));
            for (Future<?> one : ended) {
                one.get();
            }
            assertThat(stored(store)).isEqualTo(expected);
            store.mirrorTarget().force(Map.of());
            Crash.copy(home, directory.resolve("crashed"));
        }
        assertThat(storedIn(directory.resolve("crashed"))).isEqualTo(expected);
        assertThat(storedIn(home)).isEqualTo(expected);
    }
}
