package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.bodies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Written;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mirror never shows one half of a unit of work, whatever was written again and in which order it comes to the worker. */
class MirroredUnitsTest {

    /** Nothing is polled for but at the start and when it is asked for. */
    private static final MirrorSettings SELDOM =
            MirrorTest.SETTINGS.withPauses(Duration.ofMillis(50), Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final List<Mirror> started = new CopyOnWriteArrayList<>();
    private final List<String> halves = new CopyOnWriteArrayList<>();
    private final List<Integer> applied = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        started.forEach(Mirror::close);
    }

    private Mirror start(MemoryPair pair, MirrorSettings settings) {
        pair.mirrorDisk().faults().on(Moment.AFTER, Call.to(Operation.APPLY), call -> look(pair, call));
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> pair.mirror().prepare(),
                MirrorListener.NONE,
                settings,
                Clock.systemUTC());
        started.add(mirror);
        mirror.start();
        return mirror;
    }

    private Mirror inSync(MemoryPair pair) {
        Mirror mirror = start(pair, SELDOM);
        assertThat(mirror.awaitInSync(MirrorTest.LONG)).isTrue();
        await().until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
        return mirror;
    }

    /** Each unit of these tests creates records of one number in both collections. */
    private void look(MemoryPair pair, Call call) {
        applied.add(call.ids().size());
        var expenses = bodies(pair.mirror(), pair.expenses()).keySet();
        var incomes = bodies(pair.mirror(), pair.incomes()).keySet();
        if (!expenses.equals(incomes)) {
            halves.add(expenses + " and " + incomes);
        }
    }

    private static List<Written> unit(MemoryPair pair, long... ids) {
        return pair.write(java.util.Arrays.stream(ids)
                .boxed()
                .flatMap(id -> java.util.stream.Stream.of(
                        pair.put(pair.expenses(), id, "unit"), pair.put(pair.incomes(), id, "unit")))
                .toArray(dev.switchover.storage.spi.Write[]::new));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aLaterWriteThatComesToTheWorkerFirstBringsTheUnitWithIt(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Written> unit = unit(pair, 1);
        mirror.offer(pair.save(1, "later"));
        assertThat(bodies(pair.mirror(), pair.expenses()).get("1")).contains("later");
        mirror.offer(unit);
        assertThat(mirror.awaitInSync(MirrorTest.LONG)).isTrue();
        assertThat(halves).isEmpty();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aLaterUnitThatComesToTheWorkerFirstBringsTheEarlierOneWithIt(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Written> first = unit(pair, 1, 2);
        List<Written> second = unit(pair, 2, 3);
        mirror.offer(second);
        assertThat(bodies(pair.mirror(), pair.incomes())).containsOnlyKeys("1", "2", "3");
        mirror.offer(first);
        assertThat(mirror.awaitInSync(MirrorTest.LONG)).isTrue();
        assertThat(halves).isEmpty();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatIsHandedOverInOrderIsNotLookedForInThePrimary(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        long takes = pair.primaryDisk().faults().count(Operation.TAKE);
        for (int i = 1; i < 20; i++) {
            mirror.offer(unit(pair, i, i + 1));
        }
        assertThat(pair.primaryDisk().faults().count(Operation.TAKE)).isEqualTo(takes);
        assertThat(halves).isEmpty();
        assertThat(bodies(pair.mirror(), pair.incomes())).hasSize(20);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void unitsThatShareRecordsAreFoundTogether(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        pair.mirroring(Mirroring.ON);
        unit(pair, 1, 2);
        unit(pair, 3, 4);
        unit(pair, 5, 6);
        pair.save(2, "single");
        unit(pair, 4, 2);
        start(pair, SELDOM.withBatchRecords(1));
        await().until(pair::areEqual);
        assertThat(halves).isEmpty();
        assertThat(applied).containsExactly(8, 4);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void manyWritersOfTheSameRecordsShowNoHalf(Store primary) throws InterruptedException {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Thread> writers = new CopyOnWriteArrayList<>();
        for (int w = 0; w < 4; w++) {
            long writer = w;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    long id = 1 + (writer * 7 + i * 13L) % 50;
                    mirror.offer(i % 3 == 0 ? pair.save(1, "single " + i) : unit(pair, id, 1, 51 + writer * 200 + i));
                }
            });
            writers.add(thread);
        }
        unit(pair, 1);
        writers.forEach(Thread::start);
        for (Thread thread : writers) {
            thread.join();
        }
        assertThat(mirror.awaitInSync(MirrorTest.LONG)).isTrue();
        assertThat(halves).isEmpty();
        assertThat(pair.areEqual()).isTrue();
    }
}
