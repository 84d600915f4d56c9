package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.DiskHistory;
import dev.switchover.json.testing.RecordedDisk;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every state in which a crash can leave the files of a store, at every call it makes to the disk: killed, or power lost with any
 * sectors and any names of those not forced; and every damage of one bit. Recovered by the real code.
 */
class CrashStateTest {

    private final CollectionSchema<Book, Long> books = Book.schema();
    private final CollectionSchema<Book, Long> shelf =
            Book.schema("shelf", JsonLayout.objectKeyedById().in("/content").format(JsonLayout.Format.PRETTY));

    @TempDir
    Path directory;

    private Path home;
    private Path target;
    private CrashStates states;
    private DiskHistory history;
    private RecordedDisk disk;
    private JsonStore store;
    private int limit;
    private int flipEvery;
    private Random random;
    private int calls;
    private int bits;
    private long damages;
    private boolean damaging = true;

    @BeforeEach
    void aFileThatWasThereBefore() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        Files.writeString(home.resolve("books.json"), "[{\"id\":1,\"title\":\"found\"}]");
        // Recovering a state takes a few small files: in memory where the machine has a place for that.
        Path memory = Path.of("/dev/shm");
        target = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "switchover-states")
                : Files.createDirectory(directory.resolve("states"));
        states = new CrashStates(home, target, List.of(books, shelf));
    }

    @AfterEach
    void memoryIsGivenBack() throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whateverACrashLeavesIsRecoveredAndWhateverIsDamagedIsNoticedOrHarmless() throws IOException {
        run(128, 31, new Random(1));
        assertThat(states.judged()).as("states").isGreaterThan(15_000);
    }

    /**
     * {@code -Dswitchover.crash.states} is the number of power losses looked at, at each call, {@code -Dswitchover.crash.total} how
     * many states there have to be, {@code -Dswitchover.crash.seed} rules what the store does once the first lives are over.
     */
    @Test
    @Tag("slow")
    void everyCrashStateIsRecoveredAndEveryFlippedBitIsNoticedOrHarmless() throws IOException {
        long seed = Long.getLong("switchover.crash.seed", System.nanoTime());
        long total = Long.getLong("switchover.crash.total", 1_000_000);
        run(Integer.getInteger("switchover.crash.states", 1_024), 1, new Random(seed));
        int lives = 0;
        while (states.judged() < total) {
            // Damages are many more than crashes: seldom, or they would be all there is.
            damaging = lives++ % 50 == 49;
            liveOn();
        }
        System.out.println("crash states: " + states.judged() + " judged at " + calls + " calls, " + states.refused()
                + " of them damaged and refused, " + damages + " damaged in all, seed " + seed);
    }

    /** Another life, of what chance wants. */
    private void liveOn() throws IOException {
        begin();
        serve();
        for (int operations = 8 + random.nextInt(16); operations > 0; operations--) {
            CollectionSchema<?, ?> schema = random.nextBoolean() ? books : shelf;
            long id = 1 + random.nextInt(10);
            String title = "t".repeat(random.nextInt(8) == 0 ? 1_500 : 1 + random.nextInt(40));
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> step(() -> Book.save(store, schema, id, title));
                case 3 -> step(() -> store.write(List.of(Book.delete(schema, id))));
                case 4 -> step(() -> store.write(List.of(Book.put(books, id, title), Book.delete(shelf, id))));
                case 5 -> step(store::checkpoint);
                case 6 -> step(() -> store.nextId(schema));
                case 7 -> step(this::refusedWrite);
                default -> {
                    stepNotForced(this::acknowledgeOne);
                    // What comes next has to force: not every operation does.
                    step(() -> Book.save(store, schema, id, title));
                }
            }
        }
        if (random.nextBoolean()) {
            die();
        } else {
            step(() -> store.close());
        }
    }

    private void run(int powerLosses, int everyHowManiethBit, Random chance) throws IOException {
        limit = powerLosses;
        flipEvery = everyHowManiethBit;
        random = chance;
        states.reached(true);
        begin();
        serve();
        step(() -> Book.save(store, books, 2, "two"));
        step(() -> store.write(List.of(Book.put(books, 9, "unit"), Book.put(shelf, 9, "unit"))));
        step(store::checkpoint);
        step(() -> Book.save(store, books, 2, "two again"));
        step(this::refusedWrite);
        step(() -> store.write(List.of(Book.delete(books, 1))));
        step(() -> mirror(books));
        step(() -> mirror(shelf));
        step(() -> Book.save(store, books, 3, "long ".repeat(300)));
        step(() -> Book.save(store, shelf, 4, "four"));
        stepNotForced(this::acknowledgeOne);
        stepNotForced(this::acknowledgeOne);
        step(() -> Book.save(store, books, 5, "behind what was not forced"));
        step(() -> store.nextId(books));
        step(() -> Book.save(store, books, 64, "after an id was reserved"));
        die();
        begin();
        serve();
        step(() -> Book.save(store, books, 6, "in the second life"));
        step(() -> store.write(List.of(Book.delete(shelf, 9), Book.put(books, 9, "unit again"))));
        step(store::checkpoint);
        step(() -> Book.save(store, shelf, 7, "seven"));
        step(() -> store.close());
        begin();
        serve();
        step(() -> Book.save(store, books, 8, "in the third life"));
        store.close();
    }

    private void begin() throws IOException {
        history = DiskHistory.of(home);
        disk = new RecordedDisk(history);
        history.observe(now -> {
            calls++;
            states.crashed(now, limit, random, flipEvery == 1 || calls % 5 == 0, "call " + calls);
        });
        step(() -> store = Book.open(home, disk, books, shelf));
    }

    /** The process ends without a word: its lock goes, its files stay. */
    private void die() {
        disk.die();
        store.close();
    }

    private void step(Runnable operation) throws IOException {
        judged(operation, true);
        if (damaging) {
            damage();
        }
    }

    private void stepNotForced(Runnable operation) {
        judged(operation, false);
    }

    private void judged(Runnable operation, boolean durable) {
        int before = states.acknowledged();
        operation.run();
        states.reached(durable);
        states.judge(before);
    }

    private void refusedWrite() {
        try {
            store.write(List.of(new Write.Put(
                    books, new RecordId("2"), Book.body(2, "refused"), new Expected.Version(Long.MAX_VALUE))));
        } catch (VersionConflictException asItShould) {
            return;
        }
        throw new AssertionError("a version that never was is taken");
    }

    private void serve() throws IOException {
        for (CollectionSchema<?, ?> schema : List.of(books, shelf)) {
            if (store.ledger().read(schema).isEmpty()) {
                step(() -> store.ledger()
                        .compareAndSet(
                                schema, null, LedgerEntry.first(new UUID(1, 2), Position.NONE), "first contact"));
            }
            step(() -> store.serve(
                    schema, store.ledger().read(schema).orElseThrow().epoch()));
        }
    }

    private void mirror(CollectionSchema<?, ?> schema) {
        LedgerEntry entry = store.ledger().read(schema).orElseThrow();
        store.ledger().compareAndSet(schema, entry, entry.with(Mirroring.ON), "test");
    }

    private void acknowledgeOne() {
        LedgerEntry entry = store.ledger().read(books).orElseThrow();
        List<PendingMark> marks = store.pending().take(List.of(books, shelf), 1, Long.MAX_VALUE).records().stream()
                .limit(1)
                .map(PendingRecord::mark)
                .toList();
        store.pending()
                .acknowledge(
                        Map.of(
                                books, new Fence(entry.epoch(), entry.term()),
                                shelf, new Fence(entry.epoch(), entry.term())),
                        marks);
    }

    /** At rest: everything is on the disk, and then something happens to it. */
    private void damage() throws IOException {
        long before = states.judged();
        Map<Path, byte[]> sound = history.present();
        for (Path file : sound.keySet()) {
            String name = file.getFileName().toString();
            byte[] content = sound.get(file);
            if (name.startsWith("journal")) {
                damageBits(sound, file, written(content) + 40, false);
                states.damaged(sound, file, Arrays.copyOf(content, content.length + 5_000), "a longer tail of zeros");
            } else if (name.startsWith("checkpoint")) {
                damageBits(sound, file, content.length, true);
                damageLengths(sound, file);
            }
        }
        damages += states.judged() - before;
    }

    private void damageBits(Map<Path, byte[]> sound, Path file, int length, boolean mustBeNoticed) {
        byte[] content = sound.get(file);
        int end = Math.min(length, content.length) * 8;
        for (int bit = bits++ % flipEvery; bit < end; bit += flipEvery) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            String what = file.getFileName() + ", bit " + bit;
            boolean noticed = states.damaged(sound, file, flipped, what);
            assertThat(noticed || !mustBeNoticed).as(what).isTrue();
        }
    }

    /** A checkpoint takes its name when it is whole: any prefix of it, and any sector of zeros in it, is damage. */
    private void damageLengths(Map<Path, byte[]> sound, Path file) {
        byte[] content = sound.get(file);
        for (int length = bits++ % flipEvery; length < content.length; length += flipEvery) {
            String what = file.getFileName() + " cut after " + length;
            assertThat(states.damaged(sound, file, Arrays.copyOf(content, length), what))
                    .as(what)
                    .isTrue();
            byte[] zeroed = Arrays.copyOf(Arrays.copyOf(content, length), content.length);
            if (!Arrays.equals(zeroed, content)) {
                assertThat(states.damaged(sound, file, zeroed, what + ", then zeros"))
                        .as(what)
                        .isTrue();
            }
        }
    }

    private static int written(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
