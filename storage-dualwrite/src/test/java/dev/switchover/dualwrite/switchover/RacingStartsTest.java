package dev.switchover.dualwrite.switchover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.LedgerEntry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts beside starts, and starts beside an instance that is still writing. */
class RacingStartsTest {

    private World world;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void begin() {
        world = new World();
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aWriteInFlightIsWaitedForAndCopied(Store authority) throws Exception {
        Phase before = authority == Store.JSON ? Phase.JSON_ONLY : Phase.DB_ONLY;
        Phase after = authority == Store.JSON ? Phase.DB_ONLY : Phase.JSON_ONLY;
        World.Process writer = world.process();
        writer.serve(before);
        writer.put(before, 1, "before");

        switchWhile(before, after, () -> writer.put(before, 2, "in flight"));

        world.assertNothingLost(after);
        assertThat(world.records(after.primary())).containsEntry("2", "in flight");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theVersionOfADeletionInFlightIsNotGivenAgain(Store authority) throws Exception {
        Phase before = authority == Store.JSON ? Phase.JSON_ONLY : Phase.DB_ONLY;
        Phase after = authority == Store.JSON ? Phase.DB_ONLY : Phase.JSON_ONLY;
        World.Process writer = world.process();
        writer.serve(before);
        writer.put(before, 1, "before");

        World.Process successor = switchWhile(before, after, () -> writer.delete(before, 1));

        successor.put(after, 2, "after");
        world.assertNothingLost(after);
    }

    /** Starts {@code after} while a write of the old instance hangs behind its look at the ledger. */
    private World.Process switchWhile(Phase before, Phase after, Runnable writing) throws Exception {
        Store authority = before.primary();
        World.Process successor = world.process();
        CountDownLatch waiting = new CountDownLatch(1);
        world.disk(authority)
                .faults()
                .once(Faults.Moment.AFTER, Call.to(Operation.QUIESCE), call -> waiting.countDown());
        world.disk(authority)
                .faults()
                .once(Faults.Moment.BEFORE, Call.to(Operation.QUIESCE), call -> waiting.countDown());
        Future<?> write;
        Future<?> start;
        try (Faults.Hang hang = world.disk(authority).faults().hang(Faults.Moment.DURING, Call.to(Operation.WRITE))) {
            write = threads.submit(writing);
            hang.awaitReached();
            start = threads.submit(() -> successor.serve(after));
            await().atMost(Duration.ofSeconds(10)).until(() -> waiting.getCount() == 0 || start.isDone());
        }

        write.get(10, TimeUnit.SECONDS);
        start.get(10, TimeUnit.SECONDS);
        return successor;
    }

    /** PostgreSQL is waited for already when the mirror joins, before the seal. */
    @ParameterizedTest
    @CsvSource({"DB_ONLY, JSON_ONLY, PREPARE-FAILED", "JSON_ONLY, DB_ONLY, SWITCHOVER-FAILED"})
    void aWaitThatNeverEndsIsBoundedAndTheOldAuthorityGoesOn(Phase before, Phase after, String code) throws Exception {
        World.Process writer = world.process();
        writer.serve(before);
        writer.put(before, 1, "before");
        Future<?> write;
        try (Faults.Hang hang =
                world.disk(before.primary()).faults().hang(Faults.Moment.DURING, Call.to(Operation.WRITE))) {
            write = threads.submit(() -> writer.put(before, 2, "in flight"));
            hang.awaitReached();
            World.Process process = world.process(World.settings("SWITCH_TIMEOUT", "50ms"));
            Future<?> start = threads.submit(() -> process.serve(after));
            assertThat(failure(start))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining(code)
                    .hasMessageContaining("waited for");
            world.assertOneAuthority(before);
        }

        write.get(10, TimeUnit.SECONDS);
        world.process().serve(after);
        world.assertNothingLost(after);
    }

    @ParameterizedTest
    @CsvSource({"DB_PRIMARY, DB_ONLY", "DB_ONLY, JSON_ONLY", "JSON_PRIMARY, DB_PRIMARY", "JSON_ONLY, JSON_ONLY"})
    void twoStartsAtOnceLeaveOneAuthorityAndLoseNothing(Phase one, Phase other) throws Exception {
        for (int round = 0; round < 50; round++) {
            world = new World();
            if (round % 2 == 0) {
                CrashTest.served(world, Phase.JSON_PRIMARY);
            }
            CompletableFuture<Void> go = new CompletableFuture<>();
            Future<?> first = threads.submit(() -> raceAndWrite(go, one, 801));
            Future<?> second = threads.submit(() -> raceAndWrite(go, other, 802));
            go.complete(null);
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);

            long authorities = java.util.stream.Stream.of(Store.values())
                    .filter(store ->
                            world.entry(store).filter(LedgerEntry::serves).isPresent())
                    .count();
            assertThat(authorities).isLessThanOrEqualTo(1);
            world.process().serve(one);
            world.assertNothingLost(one);
            world.process().serve(other);
            world.assertNothingLost(other);
            world.assertOneAuthority(other);
        }
    }

    /** Written again as it was, it would look untouched to a start that saw it before, and both would make mirrors. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void anAttemptAtFirstContactNeverLooksLikeTheOneBefore(Store authority) {
        LedgerEntry first = brokenOffFirstContact(authority);
        LedgerEntry second = brokenOffFirstContact(authority);

        assertThat(second.sameControl(first)).isFalse();
    }

    /** The mirror then follows an attempt that can never be confirmed, beside one that nobody has ended. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void anAttemptThatWasOvertakenBeforeItsMirrorJoinedLocksNobodyOut(Store authority) {
        world.disk(authority.other())
                .faults()
                .once(
                        Faults.Moment.BEFORE,
                        Call.to(Operation.COMPARE_AND_SET),
                        call -> brokenOffFirstContact(authority));
        Phase phase = Phase.of(authority == Store.POSTGRESQL, true);

        World.Process overtaken = world.process();
        overtaken.serve(phase);
        overtaken.put(phase, 1, "served");

        world.assertNothingLost(phase);
        world.assertOneAuthority(phase);
    }

    /** What only looks like it, the mirror of a database that was put away, is not touched. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorOfAnotherStoreBesideABrokenOffAttemptIsLeftAlone(Store authority) {
        Phase phase = Phase.of(authority == Store.POSTGRESQL, true);
        World elsewhere = new World();
        World.Process served = elsewhere.process();
        served.serve(phase);
        for (int i = 0; i < 10; i++) {
            served.store(authority).ledger().remember(World.THINGS);
        }
        LedgerEntry mirror = elsewhere
                .entry(authority.other())
                .orElseThrow()
                .withSeen(served.store(authority).ledger().remember(World.THINGS));
        brokenOffFirstContact(authority);
        MemoryStore other = world.process().store(authority.other());
        assertThat(other.ledger().compareAndSet(World.THINGS, null, mirror, "from elsewhere"))
                .isTrue();

        assertThatThrownBy(() -> world.process().serve(phase))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("LEDGER-MISSING");
        assertThat(world.entry(authority.other()).filter(mirror::sameControl)).isPresent();
    }

    private LedgerEntry brokenOffFirstContact(Store authority) {
        world.disk(authority.other()).faults().once(Faults.Moment.BEFORE, Call.to(Operation.COMPARE_AND_SET), call -> {
            throw new StoreUnavailableException(authority.other(), "cut off", null);
        });
        Phase phase = Phase.of(authority == Store.POSTGRESQL, true);
        assertThatThrownBy(() -> world.process().serve(phase)).isInstanceOf(StartRefusedException.class);
        return world.entry(authority).orElseThrow();
    }

    private void raceAndWrite(CompletableFuture<Void> go, Phase phase, long id) {
        go.join();
        World.Process process = world.process();
        try {
            process.serve(phase);
            synchronized (world) {
                process.put(phase, id, "by " + phase);
            }
        } catch (FencedException | StartRefusedException e) {
            // The other one won; what matters is that nothing acknowledged is lost.
            assertThat(e).isNotNull();
        }
    }

    private static Throwable failure(Future<?> future) throws Exception {
        try {
            future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }
}
