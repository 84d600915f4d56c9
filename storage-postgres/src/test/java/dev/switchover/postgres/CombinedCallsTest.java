package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.CombinedCalls.Bounds;
import dev.switchover.storage.UnknownOutcomeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who carries out whose call, and what each caller is told. */
class CombinedCallsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Of a failure: that it is to be told to everybody. */
    private static final class Told extends RuntimeException {
        private static final long serialVersionUID = 1;

        Told(String message) {
            super(message);
        }
    }

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<List<String>> runs = new ConcurrentLinkedQueue<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> alone = ConcurrentHashMap.newKeySet();
    private final AtomicLong ahead = new AtomicLong();
    private final List<CountDownLatch> held = new ArrayList<>();

    @AfterEach
    void end() {
        held.forEach(CountDownLatch::countDown);
        callers.shutdownNow();
    }

    private CombinedCalls<String, String> calls(Bounds bounds, CombinedCalls.Together<String, String> together) {
        return new CombinedCalls<>(
                bounds,
                call -> call.substring(0, 1),
                String::length,
                all -> {
                    runs.add(all);
                    return together.run(all);
                },
                failure -> failure instanceof Told ? new Told(String.valueOf(failure.getMessage())) : null,
                () -> System.nanoTime() + ahead.get());
    }

    private static Bounds lanes(int lanes) {
        return new Bounds(lanes, 4, lanes, LONG, 64, 1_000);
    }

    private static List<@Nullable String> done(List<String> calls) {
        return new ArrayList<>(calls.stream().map(call -> call + " together").toList());
    }

    private String make(CombinedCalls<String, String> calls, String call) {
        return calls.call(() -> call, () -> {
            alone.add(call);
            return call + " alone";
        });
    }

    /** Begins a call whose own work lasts until the latch that comes back is counted down. */
    private CountDownLatch holdLane(CombinedCalls<String, String> calls, String call) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        held.add(end);
        callers.submit(() -> calls.call(() -> call, () -> {
            begun.countDown();
            awaitEnd(end);
            return call + " alone";
        }));
        begun.await();
        return end;
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins a call and waits until it stands in line. */
    private Future<String> inLine(CombinedCalls<String, String> calls, String call) {
        return inLine(calls, call, new AtomicReference<>());
    }

    private Future<String> inLine(CombinedCalls<String, String> calls, String call, AtomicReference<Thread> thread) {
        int before = calls.inLine();
        Future<String> made = callers.submit(() -> {
            thread.set(Thread.currentThread());
            return make(calls, call);
        });
        await().until(() -> calls.inLine() == before + 1);
        return made;
    }

    @Test
    void whoeverHasNobodyBesideMakesItsCallAlone() {
        CombinedCalls<String, String> calls = calls(lanes(1), CombinedCallsTest::done);
        for (int i = 0; i < 3; i++) {
            assertThat(make(calls, "a" + i)).isEqualTo("a" + i + " alone");
        }
        assertThat(runs).isEmpty();
    }

    @Test
    void asManyAsThereAreLanesGoAlone() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(2), CombinedCallsTest::done);
        holdLane(calls, "a");
        assertThat(make(calls, "b")).isEqualTo("b alone");
    }

    @Test
    void whatHasComeTogetherIsCarriedOutTogether() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(inLine(calls, "b"), inLine(calls, "c"), inLine(calls, "d"));
        first.countDown();
        assertThat(others.get(0).get()).isEqualTo("b together");
        assertThat(others.get(1).get()).isEqualTo("c together");
        assertThat(others.get(2).get()).isEqualTo("d together");
        assertThat(runs).containsExactly(List.of("b", "c", "d"));
        assertThat(alone).isEmpty();
        assertThat(make(calls, "e")).as("the lane is free again").isEqualTo("e alone");
    }

    @Test
    void whatHadNoEffectIsMadeAloneByItsOwnCaller() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), all -> {
            List<@Nullable String> results = done(all);
            results.set(1, null);
            return results;
        });
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(inLine(calls, "b"), inLine(calls, "c"), inLine(calls, "d"));
        first.countDown();
        assertThat(others.get(0).get()).isEqualTo("b together");
        assertThat(others.get(1).get()).isEqualTo("c alone");
        assertThat(others.get(2).get()).isEqualTo("d together");
    }

    @Test
    void ofOneKeyTheSecondComesInALaterRun() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(
                inLine(calls, "b1"),
                inLine(calls, "b2"),
                inLine(calls, "c1"),
                inLine(calls, "b3"),
                inLine(calls, "c2"));
        first.countDown();
        for (Future<String> other : others) {
            other.get();
        }
        assertThat(runs).containsExactly(List.of("b1", "c1"), List.of("b2", "c2"));
        assertThat(alone).containsExactly("b3");
    }

    @Test
    void inACrowdThereAreFewerLanesUntilSomebodyIsAlone() throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        held.add(runs);
        CombinedCalls<String, String> calls = calls(new Bounds(2, 3, 1, LONG, 64, 1_000), all -> {
            begun.add(all.get(0));
            awaitEnd(runs);
            return done(all);
        });
        CountDownLatch first = holdLane(calls, "a");
        CountDownLatch second = holdLane(calls, "b");
        List<Future<String>> crowd = List.of(inLine(calls, "c"), inLine(calls, "d"), inLine(calls, "e"));
        first.countDown();
        await().until(() -> begun.contains("c"));
        Future<String> waiting = inLine(calls, "f");
        second.countDown();
        await().until(() -> calls.atWork() == 1);
        assertThat(calls.inLine()).as("the second lane is closed").isEqualTo(1);
        runs.countDown();
        for (Future<String> one : crowd) {
            assertThat(one.get()).endsWith(" together");
        }
        assertThat(waiting.get()).isEqualTo("f alone");
        await().until(() -> calls.atWork() == 0);
        holdLane(calls, "g");
        Future<String> beside = callers.submit(() -> make(calls, "h"));
        assertThat(beside.get(30, TimeUnit.SECONDS))
                .as("there are two lanes again")
                .isEqualTo("h alone");
    }

    @Test
    void aLaneThatHangsIsNotTheOneThatACrowdLeaves() throws Exception {
        CombinedCalls<String, String> calls = calls(new Bounds(2, 3, 1, LONG, 64, 1_000), CombinedCallsTest::done);
        holdLane(calls, "a");
        ahead.addAndGet(LONG.toNanos() + 1);
        CountDownLatch first = holdLane(calls, "b");
        List<Future<String>> crowd = List.of(inLine(calls, "c"), inLine(calls, "d"), inLine(calls, "e1"));
        Future<String> last = inLine(calls, "e2");
        first.countDown();
        for (Future<String> one : crowd) {
            assertThat(one.get(30, TimeUnit.SECONDS)).endsWith(" together");
        }
        assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo("e2 alone");
    }

    @Test
    void whereThereIsNoCrowdAnyMoreThoseInLineGetTheLanes() throws Exception {
        CountDownLatch run = new CountDownLatch(1);
        held.add(run);
        CombinedCalls<String, String> calls = calls(new Bounds(2, 3, 1, LONG, 64, 7), all -> {
            awaitEnd(run);
            return done(all);
        });
        CountDownLatch first = holdLane(calls, "a");
        CountDownLatch second = holdLane(calls, "b");
        inLine(calls, "c");
        inLine(calls, "d");
        inLine(calls, "e");
        CountDownLatch heavy = new CountDownLatch(2);
        for (String call : List.of("f555555", "g555555")) {
            int before = calls.inLine();
            callers.submit(() -> calls.call(() -> call, () -> {
                heavy.countDown();
                awaitEnd(heavy);
                return call;
            }));
            await().until(() -> calls.inLine() == before + 1);
        }
        first.countDown();
        await().until(() -> runs.size() == 1);
        second.countDown();
        await().until(() -> calls.atWork() == 1);
        run.countDown();
        assertThat(heavy.await(30, TimeUnit.SECONDS)).as("both at once").isTrue();
    }

    @Test
    void whateverFailsTheLaneGoesOn() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        Future<String> leader = inLine(calls, "b");
        Future<String> withoutKey = inLine(calls, "");
        Future<String> last = inLine(calls, "c");
        first.countDown();
        assertThatThrownBy(() -> leader.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(StringIndexOutOfBoundsException.class);
        assertThatThrownBy(() -> withoutKey.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(StringIndexOutOfBoundsException.class);
        assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo("c alone");
    }

    @Test
    void whereEvenTheFailureCannotBeToldNobodyIsLeftWaiting() throws Exception {
        CombinedCalls<String, String> calls = new CombinedCalls<>(
                lanes(1),
                call -> call,
                String::length,
                all -> {
                    throw new Told("lost");
                },
                failure -> {
                    throw new OutOfMemoryError("as if");
                },
                System::nanoTime);
        CountDownLatch first = holdLane(calls, "a");
        Future<String> leader = inLine(calls, "b");
        List<Future<String>> others = List.of(inLine(calls, "c"), inLine(calls, "d"));
        first.countDown();
        assertThatThrownBy(() -> leader.get(30, TimeUnit.SECONDS)).cause().isInstanceOf(OutOfMemoryError.class);
        for (Future<String> other : others) {
            assertThatThrownBy(() -> other.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(make(calls, "e")).as("the lane is free again").isEqualTo("e alone");
    }

    @Test
    void aRunHasItsBounds() throws Exception {
        CombinedCalls<String, String> calls = calls(new Bounds(1, 4, 1, LONG, 3, 7), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = new ArrayList<>();
        for (String call : List.of("b", "c", "d", "e55555", "f", "g", "h")) {
            others.add(inLine(calls, call));
        }
        first.countDown();
        for (Future<String> other : others) {
            other.get();
        }
        assertThat(runs).containsExactly(List.of("b", "c", "d"), List.of("e55555", "f"), List.of("g", "h"));
    }

    @Test
    void aFailureThatConcernsAllIsToldToEachByAnExceptionOfItsOwn() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), all -> {
            throw new Told("lost");
        });
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(inLine(calls, "b"), inLine(calls, "c"));
        first.countDown();
        List<Throwable> told = new ArrayList<>();
        for (Future<String> other : others) {
            assertThatThrownBy(other::get)
                    .cause()
                    .isInstanceOf(Told.class)
                    .hasMessage("lost")
                    .satisfies(told::add);
        }
        assertThat(told.get(0)).isNotSameAs(told.get(1));
        assertThat(alone).isEmpty();
        assertThat(make(calls, "e")).as("the lane is free again").isEqualTo("e alone");
    }

    @Test
    void afterAFailureByWhichNothingHappenedEachIsMadeAlone() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), all -> {
            throw new IllegalArgumentException("fenced");
        });
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(inLine(calls, "b"), inLine(calls, "c"));
        first.countDown();
        assertThat(others.get(0).get()).isEqualTo("b alone");
        assertThat(others.get(1).get()).isEqualTo("c alone");
    }

    @Test
    void anErrorLeavesNobodyWaiting() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), all -> {
            throw new AssertionError("broken");
        });
        CountDownLatch first = holdLane(calls, "a");
        List<Future<String>> others = List.of(inLine(calls, "b"), inLine(calls, "c"));
        first.countDown();
        assertThatThrownBy(others.get(0)::get).cause().isInstanceOf(AssertionError.class);
        assertThatThrownBy(others.get(1)::get).cause().isInstanceOf(UnknownOutcomeException.class);
        assertThat(make(calls, "e")).as("the lane is free again").isEqualTo("e alone");
    }

    @Test
    void nobodyWaitsInLineForLongerThanItsPatience() throws Exception {
        CombinedCalls<String, String> calls =
                calls(new Bounds(1, 4, 1, Duration.ofMillis(5), 64, 1_000), CombinedCallsTest::done);
        holdLane(calls, "a");
        assertThat(make(calls, "b")).isEqualTo("b alone");
        assertThat(calls.inLine()).isZero();
    }

    @Test
    void whereNoLaneMovesNobodyWaitsInLine() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(2), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        holdLane(calls, "b");
        ahead.addAndGet(LONG.toNanos() + 1);
        assertThat(make(calls, "c")).isEqualTo("c alone");
        first.countDown();
        await().until(() -> make(calls, "d").equals("d alone"));
        Future<String> lane = callers.submit(() -> make(calls, "e"));
        assertThat(lane.get()).isEqualTo("e alone");
        assertThat(calls.inLine()).isZero();
    }

    @Test
    void whoeverIsInterruptedInLineGoesOnAloneAndStaysInterrupted() throws Exception {
        CombinedCalls<String, String> calls = calls(lanes(1), CombinedCallsTest::done);
        CountDownLatch first = holdLane(calls, "a");
        CountDownLatch ready = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Boolean> interrupted = callers.submit(() -> {
            thread.set(Thread.currentThread());
            ready.countDown();
            make(calls, "b");
            return Thread.interrupted();
        });
        ready.await();
        await().until(() -> calls.inLine() == 1);
        Future<String> other = inLine(calls, "c");
        thread.get().interrupt();
        assertThat(interrupted.get()).isTrue();
        assertThat(alone).containsExactly("b");
        first.countDown();
        assertThat(other.get()).as("alone in its run").isEqualTo("c alone");
    }

    @Test
    void anInterruptedLeaderHarmsNobody() throws Exception {
        AtomicReference<Thread> leader = new AtomicReference<>();
        AtomicInteger seen = new AtomicInteger();
        CombinedCalls<String, String> calls = calls(lanes(1), all -> {
            leader.get().interrupt();
            if (Thread.currentThread().isInterrupted()) {
                seen.incrementAndGet();
            }
            throw new Told("interrupted while it waited for a connection");
        });
        CountDownLatch first = holdLane(calls, "a");
        Future<String> leading = inLine(calls, "b", leader);
        Future<String> other = inLine(calls, "c");
        first.countDown();
        assertThat(other.get()).isEqualTo("c alone");
        assertThat(leading.get()).isEqualTo("b alone");
        assertThat(seen).hasValue(1);
    }

    @Test
    void manyCallersGetEachTheirOwn() throws Exception {
        CombinedCalls<String, String> calls = calls(new Bounds(3, 3, 1, LONG, 64, 1_000), all -> {
            List<@Nullable String> results = done(all);
            if (all.size() > 2) {
                results.set(2, null);
            }
            return results;
        });
        List<Future<?>> all = new ArrayList<>();
        for (int caller = 0; caller < 12; caller++) {
            String key = String.valueOf((char) ('a' + caller % 8));
            all.add(callers.submit(() -> {
                for (int i = 0; i < 2_000; i++) {
                    String call = key + i;
                    assertThat(make(calls, call)).isIn(call + " alone", call + " together");
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(calls.inLine()).isZero();
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.stream().map(call -> call.substring(0, 1)))
                        .doesNotHaveDuplicates());
    }
}
