package dev.switchover.dualwrite.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.rollback.Estimate.Copy;
import dev.switchover.dualwrite.rollback.Estimate.Measured;
import dev.switchover.storage.Store;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EstimateTest {

    private static final Copy NONE = new Copy("", 0, 0, 0);
    private static final Measured MEASURED = new Measured(1_000, Duration.ofMillis(100), Duration.ofMillis(1_000));

    @Test
    void toTheDatabaseEverythingIsComparedAndCopiedWhileNobodyCanWrite() {
        Estimate estimate = Estimate.of(Store.POSTGRESQL, MEASURED, 100, NONE);
        // 1 ms to compare one, taken to be 4 ms to copy one.
        assertThat(estimate.unwritable()).isEqualTo(Duration.ofMillis(1_400));
        assertThat(estimate.total()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(estimate.basis()).contains("none has been measured");
    }

    @Test
    void toJsonItCatchesUpFirst() {
        Estimate estimate = Estimate.of(Store.JSON, MEASURED, 100, NONE);
        assertThat(estimate.unwritable()).isEqualTo(Duration.ofMillis(1_000));
        assertThat(estimate.total()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(Estimate.of(Store.JSON, MEASURED, 0, NONE).total()).isEqualTo(Duration.ofMillis(1_100));
    }

    @Test
    void anEarlierCopyTellsHowLongCopyingTakes() {
        // 3 s, of which 1 s went into comparing: 2 ms to copy one.
        Estimate estimate = Estimate.of(Store.POSTGRESQL, MEASURED, 100, new Copy("noon", 1_000, 1_000, 3_000));
        assertThat(estimate.unwritable()).isEqualTo(Duration.ofMillis(1_200));
        assertThat(estimate.basis()).contains("noon");
    }

    @Test
    void nothingToCompareTakesNoTime() {
        Measured nothing = new Measured(0, Duration.ZERO, Duration.ofMillis(3));
        assertThat(Estimate.of(Store.JSON, nothing, 0, NONE).unwritable()).isZero();
    }
}
