package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.bodies;
import static dev.switchover.dualwrite.testing.MemoryPair.content;
import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.flags.MirrorMode;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryBoundedApply;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MirrorTest extends RunningMirrors {

    static final MirrorSettings SETTINGS = MirrorSettings.DEFAULTS
            .withTimeout(LONG)
            .withPauses(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMillis(50))
            .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(5));

    MirrorTest() {
        super(SETTINGS);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatWasThereBeforeIsCarriedOverAndMirroringIsOnAfterwards(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        for (int i = 1; i <= 1_234; i++) {
            pair.save(i, "before");
        }
        inSync(pair);
        assertThat(bodies(pair.mirror(), pair.expenses())).hasSize(1_234);
        assertThat(pair.areEqual()).isTrue();
        assertThat(pair.primary().ledger().read(pair.expenses()).orElseThrow().mirroring())
                .isEqualTo(Mirroring.ON);
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theMirrorHasARecordWhenASynchronousWriteReturns(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        for (int i = 1; i <= 100; i++) {
            mirror.offer(pair.save(i % 7, "note " + i));
            assertThat(content(pair.mirror(), pair.expenses())).isEqualTo(content(pair.primary(), pair.expenses()));
        }
        mirror.offer(pair.remove(3));
        assertThat(content(pair.mirror(), pair.expenses())).doesNotContainKey("3");
        await().until(() -> pair.primary().pending().summary(pair.expenses()).count() == 0);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aLoneWriterCarriesItsRecordOverItself(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<String> threads = new CopyOnWriteArrayList<>();
        try (var heard = pair.mirrorDisk()
                .faults()
                .on(
                        Moment.BEFORE,
                        Call.to(Operation.APPLY),
                        call -> threads.add(Thread.currentThread().getName()))) {
            for (int i = 1; i <= 100; i++) {
                mirror.offer(pair.save(i, "note"));
            }
        }
        assertThat(threads).contains(MemoryBoundedApply.THREAD);
        await().until(() -> pair.primary().pending().summary(pair.expenses()).count() == 0);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatIsCommittedTogetherIsThereBeforeItsWritersKnow(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        AtomicInteger applies = new AtomicInteger();
        try (var heard = pair.mirrorDisk()
                .faults()
                .on(Moment.BEFORE, Call.to(Operation.APPLY), call -> applies.incrementAndGet())) {
            for (int i = 0; i < 20; i++) {
                List<List<Written>> calls = new ArrayList<>();
                for (int id = 1; id <= 15; id++) {
                    calls.add(pair.save(id, "note " + i));
                }
                pair.primary().groupCommit(calls.stream().flatMap(List::stream).toList());
                calls.forEach(mirror::offer);
                assertThat(content(pair.mirror(), pair.expenses())).isEqualTo(content(pair.primary(), pair.expenses()));
            }
        }
        assertThat(applies).as("one for all").hasValueLessThanOrEqualTo(20);
        await().until(() -> pair.primary().pending().summary(pair.expenses()).count() == 0);
    }

    /** Its server is killed, and what it had not forced is gone: that is pending, so nothing has to be compared. */
    @Test
    void whatAMirrorHadNotForcedIsCarriedOverAgain() {
        MemoryPair pair = new MemoryPair(Store.JSON);
        Mirror mirror = inSync(pair);
        long term = pair.primary().ledger().read(pair.expenses()).orElseThrow().term();
        AtomicInteger scans = new AtomicInteger();
        try (var heard = pair.mirrorDisk()
                .faults()
                .on(Moment.BEFORE, Call.to(Operation.SCAN), call -> scans.incrementAndGet())) {
            for (int i = 1; i <= 50; i++) {
                mirror.offer(pair.save(i, "note"));
                pair.mirrorDisk().killServer();
            }
            await().until(() ->
                    pair.primary().pending().summary(pair.expenses()).count() == 0);
        }
        assertThat(scans).as("comparisons").hasValue(0);
        pair.mirrorDisk().killServer();
        assertThat(pair.areEqual()).as("acknowledged, so it is forced").isTrue();
        assertThat(pair.primary().ledger().read(pair.expenses()).orElseThrow().term())
                .as("it was noticed")
                .isGreaterThan(term);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatIsClosedTakesNothing(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.close();
        List<Written> written = pair.save(1, "note");
        assertThatThrownBy(() -> pair.primary().groupCommit(written)).isInstanceOf(NullPointerException.class);
        mirror.offer(written);
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aWriterThatIsInterruptedTakesNoTurn(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<String> threads = new CopyOnWriteArrayList<>();
        try (var heard = pair.mirrorDisk()
                .faults()
                .on(
                        Moment.BEFORE,
                        Call.to(Operation.APPLY),
                        call -> threads.add(Thread.currentThread().getName()))) {
            for (int i = 1; i <= 20; i++) {
                List<Written> written = pair.save(i, "note");
                Thread.currentThread().interrupt();
                mirror.offer(written);
                assertThat(Thread.interrupted()).isTrue();
            }
            await().until(pair::areEqual);
        }
        assertThat(threads).isNotEmpty().doesNotContain(MemoryBoundedApply.THREAD);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    @Timeout(60)
    void whoWaitsBehindAWriterWhoseTurnFailsIsLetGo(Store primary) throws Exception {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withTimeout(Duration.ofMinutes(10)));
        for (int i = 0; i < 3; i++) { // so that a turn can be taken
            mirror.offer(pair.save(100 + i, "before"));
        }
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (var fault = pair.mirrorDisk().faults().once(Moment.BEFORE, Call.to(Operation.APPLY), call -> {
            reached.countDown();
            awaitQuietly(goOn);
            throw new StoreUnavailableException(primary.other(), "injected", null);
        })) {
            List<Written> first = pair.save(1, "fails");
            Thread one = new Thread(() -> mirror.offer(first));
            one.start();
            reached.await();
            List<Written> second = pair.save(2, "behind");
            Thread two = new Thread(() -> mirror.offer(second));
            two.start();
            await().until(() -> two.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            one.join();
            two.join();
        }
        await().until(pair::areEqual);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void writersDoNotWaitForAnAcknowledgementNorForALookAtWhatIsPending(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, MirrorSettings.DEFAULTS.withTimeout(Duration.ofSeconds(30)));
        AtomicInteger taken = new AtomicInteger();
        try (var acknowledging = pair.primaryDisk().faults().hang(Moment.BEFORE, Call.to(Operation.ACKNOWLEDGE));
                var heard = pair.primaryDisk()
                        .faults()
                        .on(Moment.BEFORE, Call.to(Operation.TAKE), call -> taken.incrementAndGet())) {
            mirror.offer(pair.save(1, "first"));
            acknowledging.awaitReached();
            for (int i = 2; i <= 100; i++) {
                mirror.offer(pair.save(i, "while it is acknowledged"));
            }
            assertThat(pair.areEqual()).isTrue();
            await().until(() -> taken.get() > 0);
            assertThat(mirror.status().health()).isEqualTo(MirrorCondition.IN_SYNC);
        }
        await().until(() -> pair.primary().pending().summary(pair.expenses()).count() == 0);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void marksNobodyHandedOverAreFound(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        inSync(pair);
        pair.save(1, "by another instance");
        pair.save(2, "by another instance");
        pair.remove(2);
        await().until(pair::areEqual);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void anOutageCostsNobodyAnythingAndEndsByItself(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        try (var away = pair.mirrorDisk().faults().unreachable()) {
            for (int i = 1; i <= 50; i++) {
                mirror.offer(pair.save(i, "during the outage"));
            }
            await().until(() -> mirror.status().health() == MirrorCondition.DEGRADED);
            assertThat(mirror.status().lastError()).isEqualTo("connection refused");
            assertThat(pair.primary().pending().summary(pair.expenses()).count())
                    .isEqualTo(50);
        }
        await().until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aHangingMirrorCostsTheTimeoutOnce(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withTimeout(Duration.ofMillis(100)));
        try (var hang = pair.mirrorDisk().faults().hang(Moment.DURING, Call.to(Operation.APPLY))) {
            long began = System.nanoTime();
            for (int i = 1; i <= 1_000; i++) {
                mirror.offer(pair.save(i, "while it hangs"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(90), Duration.ofSeconds(3));
            hang.awaitReached();
            assertThat(mirror.status().health()).isEqualTo(MirrorCondition.DEGRADED);
        }
        await().until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
        assertThat(mirror.awaitInSync(LONG)).isTrue();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void anInterruptedWriterHarmsNobody(Store primary) throws Exception {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread writer;
        try (var hang = pair.mirrorDisk().faults().hang(Moment.DURING, Call.to(Operation.APPLY))) {
            List<Written> written = pair.save(1, "interrupted");
            writer = new Thread(() -> {
                mirror.offer(written);
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            writer.start();
            hang.awaitReached();
            writer.interrupt();
            writer.join(10_000);
            assertThat(interrupted).isTrue();
        }
        await().until(pair::areEqual);
        assertThat(mirror.status().health()).isEqualTo(MirrorCondition.IN_SYNC);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aRefusedRecordIsParkedAndTheOthersGoOn(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        pair.mirroring(Mirroring.ON);
        for (int i = 1; i <= 40; i++) {
            pair.save(i, "pending");
        }
        try (var refusal = pair.mirrorDisk().faults().refuses(id(7), "23514")) {
            Mirror mirror = inSync(pair);
            mirror.offer(pair.save(41, "later"));
            mirror.offer(pair.save(7, "still refused"));
            await().until(() ->
                    !pair.primary().pending().parked(pair.expenses()).isEmpty());
            assertThat(pair.primary().pending().parked(pair.expenses()))
                    .singleElement()
                    .satisfies(parked -> {
                        assertThat(parked.mark().id()).isEqualTo(id(7));
                        assertThat(parked.reason()).isEqualTo("23514");
                    });
            assertThat(mirror.awaitInSync(LONG)).isTrue();
            assertThat(bodies(pair.mirror(), pair.expenses())).hasSize(40).doesNotContainKey("7");
        }
        pair.primary().pending().retry(pair.expenses(), List.of(id(7)));
        await().until(pair::areEqual);
        assertThat(pair.primary().pending().parked(pair.expenses())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aUnitOfWorkIsOneStepInTheMirror(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        pair.mirrorDisk()
                .faults()
                .on(
                        Moment.DURING,
                        Call.to(Operation.APPLY),
                        call -> sizes.add(call.ids().size()));
        mirror.offer(pair.write(
                pair.put(pair.expenses(), 1, "a"),
                pair.put(pair.incomes(), 1, "b"),
                pair.put(pair.expenses(), 2, "c")));
        assertThat(sizes).containsExactly(3);
        pair.write(pair.put(pair.expenses(), 4, "a"), pair.put(pair.incomes(), 5, "b"));
        await().until(pair::areEqual);
        assertThat(sizes).containsExactly(3, 2);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void anOlderStateHandedOverLateDoesNotComeBack(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Written> old = pair.save(1, "old");
        List<Written> doomed = pair.save(2, "doomed");
        pair.save(1, "new");
        pair.remove(2);
        assertThat(mirror.awaitInSync(LONG)).isTrue();
        mirror.offer(old);
        mirror.offer(doomed);
        assertThat(mirror.awaitInSync(LONG)).isTrue();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void nothingIsAcknowledgedThatTheMirrorHasNotForced(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        List<Boolean> forced = new CopyOnWriteArrayList<>();
        try (var ignored = pair.primaryDisk()
                .faults()
                .on(
                        Moment.BEFORE,
                        Call.to(Operation.ACKNOWLEDGE),
                        call -> forced.add(pair.mirrorDisk().isForced()))) {
            mirror.offer(pair.save(1, "note"));
            await().until(() ->
                    pair.primary().pending().summary(pair.expenses()).count() == 0);
        }
        assertThat(forced).isNotEmpty().containsOnly(true);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void ofTwoStatesHandedOverTogetherTheNewerIsApplied(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withPauses(LONG, LONG, LONG));
        List<Written> both = new ArrayList<>(pair.save(1, "old"));
        both.addAll(pair.save(1, "new"));
        mirror.offer(both);
        assertThat(content(pair.mirror(), pair.expenses())).isEqualTo(content(pair.primary(), pair.expenses()));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatWasWrittenWhileMirroringWasOffIsCarriedOver(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        pair.save(1, "while it was on");
        try (Mirror mirror = inSync(pair)) {
            assertThat(mirror.awaitInSync(LONG)).isTrue();
        }
        LedgerEntry on = pair.primary().ledger().read(pair.expenses()).orElseThrow();
        assertThat(pair.primary()
                        .ledger()
                        .compareAndSet(pair.expenses(), on, on.with(Mirroring.OFF), "a phase without a mirror"))
                .isTrue();
        pair.save(1, "while it was off");
        pair.save(2, "while it was off");
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aWriteBetweenApplyAndAcknowledgementStaysPending(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withPauses(LONG, LONG, LONG));
        pair.mirrorDisk()
                .faults()
                .once(Moment.AFTER, Call.to(Operation.APPLY), call -> pair.save(1, "before the acknowledgement"));
        mirror.offer(pair.save(1, "applied"));
        await().until(() -> pair.primaryDisk().faults().count(Operation.ACKNOWLEDGE) > 0);
        await().until(() -> bodies(pair.mirror(), pair.expenses()).containsKey("1"));
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isEqualTo(1);
        assertThat(mirror.awaitInSync(LONG)).isTrue();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void discardingWhatIsParkedSavesItFirst(Store primary, @TempDir Path directory) throws Exception {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        try (var refusal = pair.mirrorDisk().faults().refuses(id(7), "23514")) {
            mirror.offer(pair.save(7, "refused"));
        }
        ParkedRecords parked = new ParkedRecords(pair.primary(), directory, Clock.systemUTC());
        assertThat(parked.list(pair.expenses())).hasSize(1);
        assertThat(parked.discard(pair.expenses(), List.of(id(7), id(8)))).isEqualTo(1);
        assertThat(parked.list(pair.expenses())).isEmpty();
        try (var files = Files.list(directory.resolve(".switchover").resolve("aside"))) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().contains("refused"));
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aStateHandedOverFromBeforeTheSessionIsNotApplied(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        inSync(pair);
        List<Written> old = pair.save(1, "old");
        pair.save(1, "new");
        await().until(pair::areEqual);
        started.forEach(Mirror::close);
        Mirror next = inSync(pair);
        next.offer(old);
        assertThat(next.awaitInSync(LONG)).isTrue();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatWentBackInTimeIsComparedAgain(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror first = inSync(pair);
        var backup = pair.mirrorDisk().snapshot();
        for (int i = 1; i <= 30; i++) {
            first.offer(pair.save(i, "after the backup"));
        }
        first.close();
        pair.mirrorDisk().restoreTo(backup);
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatGoesBackWhileWeRunIsNoticed(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        var backup = pair.mirrorDisk().snapshot();
        mirror.offer(pair.save(1, "after the backup"));
        await().until(() -> pair.mirror()
                        .ledger()
                        .read(pair.expenses())
                        .orElseThrow()
                        .seen()
                        .version()
                >= 1);
        pair.mirrorDisk().restoreTo(backup);
        await().until(pair::areEqual);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aPrimaryThatWentBackIsNotMirrored(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror first = inSync(pair);
        first.offer(pair.save(1, "kept"));
        var backup = pair.primaryDisk().snapshot();
        first.offer(pair.save(2, "lost by the primary"));
        first.close();
        pair.primaryDisk().restoreTo(backup);
        for (int i = 3; i < 20; i++) {
            pair.save(i, "its counter has caught up");
        }
        Mirror next = start(pair, SETTINGS);
        await().until(() -> next.status().health() == MirrorCondition.REFUSED);
        assertThat(next.status().lastError()).contains("went back in time");
        assertThat(bodies(pair.mirror(), pair.expenses())).containsOnlyKeys("1", "2");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aPrimaryThatLostOnlyWhatNoTokenTellsOfIsNoticedByItsMirrorsRecords(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withPauses(Duration.ofMillis(50), Duration.ofMillis(20), LONG));
        var backup = pair.primaryDisk().snapshot();
        mirror.offer(pair.save(1, "lost by the primary"));
        pair.crash();
        pair.primaryDisk().restoreTo(backup);
        if (primary == Store.POSTGRESQL) {
            // The journal's tail was not forced; what the file kept is what counts here.
            pair.mirrorDisk()
                    .tamper(pair.expenses(), new RawRecord(id(1), 99, 99, "{}".getBytes(StandardCharsets.UTF_8)));
            LedgerEntry entry = pair.mirror().ledger().read(pair.expenses()).orElseThrow();
            pair.mirror()
                    .ledger()
                    .compareAndSet(
                            pair.expenses(),
                            entry,
                            new LedgerEntry(
                                    entry.lineage(),
                                    entry.epoch(),
                                    entry.fork(),
                                    entry.state(),
                                    entry.confirmed(),
                                    entry.mirroring(),
                                    entry.term(),
                                    new Position("", 99, "", Instant.EPOCH),
                                    entry.seen(),
                                    1),
                            "test");
        }
        Mirror next = start(pair, SETTINGS);
        await().until(() -> next.status().health() == MirrorCondition.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aNewTimelineIsCompared(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        inSync(pair).close();
        pair.primaryDisk().newTimeline();
        pair.mirrorDisk().tamper(pair.expenses(), new RawRecord(id(9), 0, 9, "{}".getBytes(StandardCharsets.UTF_8)));
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void anApplyOfAnEarlierWorkerIsWaitedFor(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror first = inSync(pair, SETTINGS.withTimeout(Duration.ofMillis(100)));
        try (var hang = pair.mirrorDisk().faults().hang(Moment.DURING, Call.to(Operation.APPLY))) {
            first.offer(pair.save(1, "in flight"));
            hang.awaitReached();
            long waits = pair.mirrorDisk().faults().count(Operation.QUIESCE);
            long taken = pair.primaryDisk().faults().count(Operation.TAKE);
            start(pair, SETTINGS);
            await().until(() -> pair.mirrorDisk().faults().count(Operation.QUIESCE) > waits);
            assertThat(pair.primaryDisk().faults().count(Operation.TAKE)).isEqualTo(taken);
        }
        await().until(pair::areEqual);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void anApplyOfAWorkerBeforeTheLastIsFenced(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror first = inSync(pair);
        long term = pair.primary().ledger().read(pair.expenses()).orElseThrow().term();
        first.close();
        inSync(pair);
        Fence old = new Fence(1, term);
        assertThatThrownBy(() -> pair.mirror()
                        .mirrorTarget()
                        .apply(
                                Map.of(pair.expenses(), old),
                                List.of(new MirrorChange(pair.expenses(), id(1), 5, null)),
                                Map.of()))
                .isInstanceOf(FencedException.class);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aWorkerWhosePrimaryHasHandedOverStopsForGood(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        inSync(pair);
        for (CollectionSchema<?, ?> schema : pair.schemas()) {
            LedgerEntry entry = pair.primary().ledger().read(schema).orElseThrow();
            pair.primary().ledger().compareAndSet(schema, entry, entry.with(State.HANDED_OVER, 2), "test");
        }
        await().until(() -> started.get(0).status().health() == MirrorCondition.STOPPED);
        assertThat(lost).containsExactlyInAnyOrder("expenses", "incomes");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theMirrorsEntryTellsUpToWhenItIsComplete(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Instant before = Instant.now();
        Mirror mirror = inSync(pair);
        await().until(() -> completeAt(pair).isAfter(before));
        try (var away = pair.mirrorDisk().faults().unreachable(Call.to(Operation.APPLY))) {
            pair.save(1, "pending");
            await().until(() -> mirror.status().health() == MirrorCondition.DEGRADED);
            Instant degraded = Instant.now();
            mirror.close();
            assertThat(completeAt(pair)).isBefore(degraded);
        }
    }

    private static Instant completeAt(MemoryPair pair) {
        return pair.mirror().ledger().read(pair.expenses()).orElseThrow().seen().time();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatIsWrittenWhileAPollFindsNothingIsDrainedByClosing(Store primary) throws InterruptedException {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withMode(MirrorMode.ASYNC));
        Thread closing = new Thread(mirror::close);
        pair.primaryDisk().faults().once(Moment.AFTER, Call.to(Operation.TAKE), call -> {
            pair.save(1, "written before closing");
            closing.start();
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        });
        await().until(() -> closing.getState() != Thread.State.NEW);
        closing.join();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void closingDrainsAndEndsTheLease(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withMode(MirrorMode.ASYNC));
        assertThat(pair.primary().ledger().hasLiveLease(pair.expenses())).isTrue();
        for (int i = 1; i <= 2_000; i++) {
            mirror.offer(pair.save(i, "drained at close"));
        }
        mirror.close();
        assertThat(pair.areEqual()).isTrue();
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isZero();
        assertThat(pair.primary().ledger().hasLiveLease(pair.expenses())).isFalse();
        assertThat(mirror.status().health()).isEqualTo(MirrorCondition.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aRunningComparisonIsEndedByClosing(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        for (int i = 1; i <= 3_000; i++) {
            pair.save(i, "before");
        }
        start(pair, SETTINGS).close();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void closingWithAMirrorAwayEndsSoonAndKeepsWhatIsPending(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        try (var away = pair.mirrorDisk().faults().unreachable()) {
            mirror.offer(pair.save(1, "pending"));
            mirror.close();
        }
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isEqualTo(1);
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }
}
