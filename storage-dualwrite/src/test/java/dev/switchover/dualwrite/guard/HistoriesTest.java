package dev.switchover.dualwrite.guard;

import static dev.switchover.dualwrite.guard.Histories.Verdict.COMPARE;
import static dev.switchover.dualwrite.guard.Histories.Verdict.IN_STEP;
import static dev.switchover.dualwrite.guard.Histories.Verdict.PRIMARY_WENT_BACK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HistoriesTest {

    private static final LedgerEntry PRIMARY =
            LedgerEntry.first(new UUID(1, 1), at("database", 10)).withSeen(at("directory", 8));
    private static final LedgerEntry MIRROR = LedgerEntry.first(new UUID(1, 1), at("directory", 9))
            .with(State.MIRROR, 1)
            .withSeen(at("database", 9));

    private static Position at(String timeline, long version) {
        return new Position(timeline, version, "token", Instant.EPOCH);
    }

    private static LedgerEntry mirrorAt(Position position) {
        return MIRROR.withCounters(position, 0);
    }

    @Test
    void storesThatKnowEachOtherAreInStep() {
        assertThat(Histories.judge(PRIMARY, MIRROR, true, true)).isEqualTo(IN_STEP);
    }

    @Test
    void aPrimaryWithoutTheTokenItsMirrorNotedWentBack() {
        assertThat(Histories.judge(PRIMARY, MIRROR, false, true)).isEqualTo(PRIMARY_WENT_BACK);
    }

    @Test
    void aPrimaryBelowWhatItsMirrorNotedWentBack() {
        assertThat(Histories.judge(PRIMARY, MIRROR.withSeen(at("database", 11)), true, true))
                .isEqualTo(PRIMARY_WENT_BACK);
    }

    @Test
    void aPrimaryBelowWhatItsMirrorAppliedWentBackAlthoughEveryTokenIsThere() {
        assertThat(Histories.judge(PRIMARY, mirrorAt(at("directory", 11)), true, true))
                .isEqualTo(PRIMARY_WENT_BACK);
    }

    @Test
    void aHigherCounterOfAMirrorThePrimaryDoesNotKnowProvesNothing() {
        assertThat(Histories.judge(PRIMARY, mirrorAt(at("directory", 11)), true, false))
                .isEqualTo(COMPARE);
        assertThat(Histories.judge(PRIMARY, mirrorAt(at("another directory", 11)), true, true))
                .isEqualTo(COMPARE);
        assertThat(Histories.judge(PRIMARY.withSeen(Position.NONE), mirrorAt(at("directory", 11)), true, true))
                .isEqualTo(COMPARE);
    }

    @Test
    void aMirrorThatLacksWhatItsPrimaryNotedIsCompared() {
        assertThat(Histories.judge(PRIMARY, MIRROR, true, false)).isEqualTo(COMPARE);
        assertThat(Histories.judge(PRIMARY, mirrorAt(at("directory", 7)), true, true))
                .isEqualTo(COMPARE);
        assertThat(Histories.judge(PRIMARY, mirrorAt(at("another directory", 9)), true, true))
                .isEqualTo(COMPARE);
    }

    @Test
    void aPrimaryOnANewTimelineIsCompared() {
        assertThat(Histories.judge(PRIMARY, MIRROR.withSeen(at("another database", 9)), true, true))
                .isEqualTo(COMPARE);
    }

    @Test
    void onlyAMirrorOfThisEpochTellsWhatThePrimaryLost() {
        LedgerEntry further = mirrorAt(at("directory", 11));
        assertThat(Histories.behindItsMirror(PRIMARY, further, true)).isTrue();
        assertThat(Histories.behindItsMirror(PRIMARY, further.with(State.SEALED, 1), true))
                .isFalse();
        assertThat(Histories.behindItsMirror(PRIMARY, further.with(State.MIRROR, 2), true))
                .isFalse();
    }

    @Test
    void anEntryGoesOnFromWhatWasSeenAlsoInALaterEpochAndAnotherState() {
        assertThat(Histories.goesOn(PRIMARY, true, PRIMARY)).isTrue();
        assertThat(Histories.goesOn(PRIMARY.withCounters(at("database", 11), 0), true, PRIMARY))
                .isTrue();
        assertThat(Histories.goesOn(PRIMARY.with(State.SEALED, 3), true, PRIMARY))
                .isTrue();
    }

    @Test
    void anEntryOfAnotherDataSetOrForkOrOfAnEarlierTimeDoesNot() {
        assertThat(Histories.goesOn(PRIMARY.withLineage(new UUID(2, 2)), true, PRIMARY))
                .isFalse();
        assertThat(Histories.goesOn(PRIMARY.withFork("forced"), true, PRIMARY)).isFalse();
        assertThat(Histories.goesOn(PRIMARY, true, PRIMARY.with(State.ACTIVE, 2)))
                .isFalse();
        assertThat(Histories.goesOn(PRIMARY.withCounters(at("database", 9), 0), true, PRIMARY))
                .isFalse();
        assertThat(Histories.goesOn(PRIMARY, false, PRIMARY)).isFalse();
    }
}
