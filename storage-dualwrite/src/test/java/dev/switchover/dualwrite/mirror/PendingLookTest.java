package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Written;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PendingLookTest {

    private static final Instant BEGAN = Instant.EPOCH;
    private static final Duration USUAL = Duration.ofMillis(500);
    private static final Executor HERE = Runnable::run;

    private final MemoryPair pair = new MemoryPair(Store.POSTGRESQL);
    private final Map<CollectionSchema<?, ?>, Lane> lanes = new LinkedHashMap<>();
    private Instant now = BEGAN;
    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final PendingLook look = new PendingLook(pair.primary().pending(), lanes, clock);

    @BeforeEach
    void mirrorsExpenses() {
        pair.mirroring(Mirroring.ON);
        LedgerEntry entry = pair.primary().ledger().read(pair.expenses()).orElseThrow();
        lanes.put(pair.expenses(), new Lane(pair.expenses(), entry, BEGAN));
    }

    private Lane lane() {
        return lanes.values().iterator().next();
    }

    private void applied(Written written) {
        lane().applied().applied(written.id(), written.version());
    }

    private boolean looks() {
        now = now.plusSeconds(1);
        return look.findsNothing(HERE);
    }

    @Test
    void theFirstLookTellsOfEverything() {
        pair.save(1, "before anybody handed over");
        assertThat(looks()).isFalse();
    }

    @Test
    void whatIsInTheMirrorAndNotAcknowledgedYetIsNotTaken() {
        applied(pair.save(1, "handed over").get(0));
        assertThat(looks()).isTrue();
        assertThat(looks()).isTrue();
        assertThat(look.untilNext(USUAL)).isEqualTo(USUAL.toNanos());
    }

    @Test
    void whatNobodyHandsOverIsFoundTheSecondTime() {
        looks();
        pair.save(1, "by another instance");
        assertThat(looks()).as("it may be on its way").isTrue();
        assertThat(look.untilNext(USUAL)).isLessThan(USUAL.toNanos());
        assertThat(looks()).isFalse();
    }

    @Test
    void whatIsHandedOverInBetweenIsNotTaken() {
        looks();
        Written written = pair.save(1, "on its way").get(0);
        looks();
        applied(written);
        assertThat(looks()).isTrue();
    }

    @Test
    void aRecordThatIsWrittenAgainInBetweenIsNotForgotten() {
        looks();
        pair.save(1, "by another instance");
        looks();
        pair.save(1, "again");
        assertThat(looks()).isFalse();
    }

    @Test
    void aNewerStateThanTheMirrorsIsFound() {
        looks();
        applied(pair.save(1, "handed over").get(0));
        looks();
        pair.save(1, "by another instance");
        looks();
        assertThat(looks()).isFalse();
    }

    @Test
    void tooMuchToLookAtIsTaken() {
        for (int i = 1; i <= 2_000; i++) {
            applied(pair.save(i, "handed over").get(0));
        }
        assertThat(looks()).isFalse();
    }

    @Test
    void whatIsStillComparedIsNotLookedAt() {
        lane().mirroring(Mirroring.SYNCING);
        assertThat(looks()).isFalse();
    }

    @Test
    void theMirrorIsCompleteUpToTheLookBefore() {
        looks();
        pair.save(1, "on its way");
        Instant first = now;
        looks();
        assertThat(lane().completeAt()).isEqualTo(first);
        looks();
        assertThat(lane().completeAt()).as("there is something to take").isEqualTo(first);
        applied(pair.save(1, "handed over").get(0));
        Instant before = now;
        assertThat(looks()).isTrue();
        assertThat(lane().completeAt()).isEqualTo(before);
    }
}
