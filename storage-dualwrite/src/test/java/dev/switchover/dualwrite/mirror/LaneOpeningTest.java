package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a worker may say of its ledger. */
class LaneOpeningTest {

    /** Writes that were not recorded meanwhile are in no comparison that began before. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void mirroringThatWasTurnedOffDuringTheComparisonIsNotSaidToBeOn(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        LaneOpening opening = new LaneOpening(pair.primary(), pair.mirror(), schema -> {}, Duration.ofSeconds(2));
        Lane lane = opening.open(pair.expenses());
        assertThat(lane.mirroring()).isEqualTo(Mirroring.SYNCING);

        pair.mirroring(Mirroring.OFF);

        assertThatThrownBy(() -> opening.compared(lane)).isInstanceOf(StoreUnavailableException.class);
        assertThat(pair.primary().ledger().read(pair.expenses()))
                .map(LedgerEntry::mirroring)
                .contains(Mirroring.OFF);
    }
}
