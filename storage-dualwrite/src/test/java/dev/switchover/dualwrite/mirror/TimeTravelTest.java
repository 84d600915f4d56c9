package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.bodies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Mirroring;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store is put back to an older copy between two notes of a worker that runs. */
class TimeTravelTest extends RunningMirrors {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final MirrorSettings SETTINGS = MirrorSettings.DEFAULTS
            .withTimeout(LONG)
            .withPauses(SHORT, SHORT, Duration.ofHours(1))
            .withDeadlines(Duration.ofSeconds(2), LONG);

    TimeTravelTest() {
        super(SETTINGS);
    }

    private static void awaitAcknowledged(MemoryPair pair) {
        await().until(() -> pair.primary().pending().summary(pair.expenses()).count() == 0);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatWentBackBeforeItsWorkerEndedIsComparedByTheNextOne(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair, SETTINGS.withPauses(SHORT, SHORT, Duration.ofSeconds(1)));
        var backup = pair.mirrorDisk().snapshot();
        mirror.offer(pair.save(1, "after the backup"));
        awaitAcknowledged(pair);
        await().until(() -> pair.primary()
                        .ledger()
                        .read(pair.expenses())
                        .orElseThrow()
                        .seen()
                        .version()
                >= 1);
        pair.mirrorDisk().restoreTo(backup);
        mirror.close();
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatAPrimaryThatWentBackHasPendingDoesNotReachTheMirror(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.offer(pair.save(1, "older"));
        mirror.offer(pair.save(2, "older"));
        awaitAcknowledged(pair);
        var backup = pair.primaryDisk().snapshot();
        mirror.offer(pair.save(1, "lost by the primary"));
        mirror.offer(pair.save(2, "lost by the primary"));
        mirror.offer(pair.save(3, "lost by the primary"));
        mirror.awaitInSync(LONG);
        mirror.close();
        Mirror next = inSync(pair);
        pair.primaryDisk().restoreTo(backup);
        pair.save(1, "written by a primary in the past");
        pair.remove(2);
        await().until(() -> next.status().health() == MirrorCondition.REFUSED);
        assertThat(bodies(pair.mirror(), pair.expenses()).values())
                .hasSize(3)
                .allMatch(body -> body.contains("lost by the primary"));
    }

    /** So many that a comparison takes several steps. */
    private static void fill(MemoryPair pair) {
        for (int i = 1; i <= 3_000; i++) {
            pair.save(i, "from before");
        }
    }

    /** Runs once, after the backfill has marked what differs in its first step and before anything of it is applied. */
    private static void duringBackfill(MemoryPair pair, Runnable restore) {
        pair.mirrorDisk().faults().once(Faults.Moment.BEFORE, Call.to(Operation.APPLY), call -> restore.run());
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aPrimaryThatGoesBackDuringABackfillIsNoticed(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        var backup = pair.primaryDisk().snapshot();
        fill(pair);
        duringBackfill(pair, () -> pair.primaryDisk().restoreTo(backup));
        Mirror mirror = start(pair, SETTINGS);
        await().until(() -> mirror.status().health() == MirrorCondition.REFUSED);
        assertThat(mirror.status().lastError()).contains("went back in time");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatGoesBackDuringABackfillIsComparedFromTheBeginning(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        fill(pair);
        AtomicInteger applies = new AtomicInteger();
        AtomicInteger appliesBeforeRestore = new AtomicInteger();
        var backup = new AtomicReference<MemoryDisk.Snapshot>();
        pair.mirrorDisk().faults().on(Faults.Moment.BEFORE, Call.to(Operation.APPLY), call -> {
            if (applies.incrementAndGet() == 2) {
                backup.set(pair.mirrorDisk().snapshot());
            }
        });
        pair.primaryDisk().faults().on(Faults.Moment.BEFORE, Call.to(Operation.TAKE), call -> {
            if (applies.get() >= 4 && appliesBeforeRestore.compareAndSet(0, applies.get())) {
                pair.mirrorDisk().restoreTo(backup.get());
            }
        });
        inSync(pair);
        assertThat(applies).hasValueGreaterThan(appliesBeforeRestore.get());
        assertThat(appliesBeforeRestore).hasPositiveValue();
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatWentBackToACopyYoungerThanTheLastTokenIsComparedAgain(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.offer(pair.save(1, "in the backup"));
        awaitAcknowledged(pair);
        var backup = pair.mirrorDisk().snapshot();
        mirror.offer(pair.save(2, "lost by the mirror"));
        awaitAcknowledged(pair);
        pair.mirrorDisk().restoreTo(backup);
        pair.save(3, "found by polling");
        await().until(pair::areEqual);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aDeletionThatAPrimaryLostIsNoticedAlthoughNoRecordTellsOfIt(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.offer(pair.save(1, "deleted later"));
        awaitAcknowledged(pair);
        var backup = pair.primaryDisk().snapshot();
        mirror.offer(pair.remove(1));
        awaitAcknowledged(pair);
        pair.crash();
        pair.primaryDisk().restoreTo(backup);
        Mirror next = start(pair, SETTINGS);
        await().until(() -> next.status().health() == MirrorCondition.REFUSED);
        assertThat(bodies(pair.mirror(), pair.expenses())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aDeletionLostInAFailoverIsNoticedAlthoughTheCounterHasComeFurther(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.offer(pair.save(1, "deleted later"));
        mirror.offer(pair.save(2, "stays"));
        awaitAcknowledged(pair);
        var standby = pair.primaryDisk().snapshot();
        mirror.offer(pair.remove(1));
        awaitAcknowledged(pair);
        pair.crash();
        pair.primaryDisk().restoreTo(standby);
        pair.primaryDisk().newTimeline();
        pair.save(3, "its counter goes on");
        pair.save(4, "its counter goes on");
        Mirror next = start(pair, SETTINGS);
        await().until(() -> next.status().health() == MirrorCondition.REFUSED);
        assertThat(bodies(pair.mirror(), pair.expenses())).containsOnlyKeys("2");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aFailoverThatLostNothingIsFollowedWhateverIsPending(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        for (int i = 1; i <= 4; i++) {
            mirror.offer(pair.save(i, "before"));
        }
        mirror.offer(pair.remove(1));
        awaitAcknowledged(pair);
        // Applied, but not acknowledged any more.
        Faults.Fault deaf = pair.primaryDisk().faults().unreachable(Call.to(Operation.ACKNOWLEDGE));
        mirror.offer(pair.remove(2));
        await().until(() -> !bodies(pair.mirror(), pair.expenses()).containsKey("2"));
        pair.save(5, "not carried over");
        pair.crash();
        deaf.close();
        pair.primaryDisk().newTimeline();
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
        assertThat(bodies(pair.mirror(), pair.expenses())).containsOnlyKeys("3", "4", "5");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aMirrorThatWentBackBehindItsLastNoteWhileNobodyRanIsComparedAtTheNextStart(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        mirror.offer(pair.save(1, "in the backup"));
        awaitAcknowledged(pair);
        var backup = pair.mirrorDisk().snapshot();
        mirror.offer(pair.save(2, "lost by the mirror"));
        awaitAcknowledged(pair);
        pair.crash();
        pair.mirrorDisk().restoreTo(backup);
        inSync(pair);
        assertThat(pair.areEqual()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aPrimaryThatWentBackUnderARunningWorkerIsNotMirroredWhenItsCounterHasCaughtUp(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        Mirror mirror = inSync(pair);
        var backup = pair.primaryDisk().snapshot();
        mirror.offer(pair.save(1, "lost by the primary"));
        mirror.offer(pair.save(2, "lost by the primary"));
        awaitAcknowledged(pair);
        pair.primaryDisk().restoreTo(backup);
        pair.save(9, "written by a primary in the past");
        await().until(() -> mirror.status().health() == MirrorCondition.REFUSED);
        for (int i = 10; i < 20; i++) {
            pair.save(i, "its counter has caught up");
        }
        await().during(Duration.ofMillis(300)).until(() -> mirror.status().health() == MirrorCondition.REFUSED);
        assertThat(bodies(pair.mirror(), pair.expenses())).containsOnlyKeys("1", "2");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aPrimaryThatGoesBackWhileEverythingIsComparedIsNoticed(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        LaneOpening opening = new LaneOpening(pair.primary(), pair.mirror(), schema -> {}, LONG);
        Lane lane = opening.open(pair.expenses());
        assertThat(lane.mirroring()).isEqualTo(Mirroring.SYNCING);
        var backup = pair.primaryDisk().snapshot();
        opening.exchangeTokens(lane);
        assertThat(opening.inStep(lane)).isTrue();
        pair.primaryDisk().restoreTo(backup);
        assertThatThrownBy(() -> opening.inStep(lane)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aNoteDoesNotTakeThePlaceOfTheOneThatTells(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        LaneOpening opening = new LaneOpening(pair.primary(), pair.mirror(), schema -> {}, LONG);
        Lane lane = opening.open(pair.expenses());
        opening.compared(lane);
        var backup = pair.primaryDisk().snapshot();
        opening.exchangeTokens(lane);
        pair.primaryDisk().restoreTo(backup);
        assertThatThrownBy(() -> opening.exchangeTokens(lane)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> opening.inStep(lane)).isInstanceOf(Refusal.class);
    }
}
