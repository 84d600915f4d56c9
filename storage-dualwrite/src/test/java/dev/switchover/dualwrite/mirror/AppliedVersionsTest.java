package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppliedVersionsTest {

    private final AppliedVersions versions = new AppliedVersions(10, 2);

    @Test
    void whatAnEarlierSessionMayHaveAppliedIsNotNewer() {
        assertThat(versions.isNewer(id(1), 10)).isFalse();
        assertThat(versions.isNewer(id(1), 11)).isTrue();
    }

    @Test
    void onlyALaterVersionThanTheOneAppliedIsNewer() {
        versions.applied(id(1), 12);
        versions.applied(id(1), 11);
        assertThat(versions.isNewer(id(1), 12)).isFalse();
        assertThat(versions.isNewer(id(1), 13)).isTrue();
        assertThat(versions.isNewer(id(2), 11)).isTrue();
    }

    @Test
    void theHighestVersionForgottenIsTheFloor() {
        versions.applied(id(1), 20);
        versions.applied(id(2), 15);
        versions.applied(id(3), 16);
        assertThat(versions.isNewer(id(1), 20)).isFalse();
        assertThat(versions.isNewer(id(4), 20)).isFalse();
        assertThat(versions.isNewer(id(4), 21)).isTrue();
        assertThat(versions.isNewer(id(2), 16)).as("remembered").isTrue();
    }

    @Test
    void itHasWhatThisSessionApplied() {
        versions.applied(id(1), 12);

        assertThat(versions.has(id(1), 12)).isTrue();
        assertThat(versions.has(id(1), 11)).isTrue();
        assertThat(versions.has(id(1), 13)).isFalse();
        assertThat(versions.has(id(2), 1)).isFalse();
    }

    @Test
    void itForgetsTheEldestAndNoMore() {
        versions.applied(id(1), 11);
        versions.applied(id(2), 12);
        versions.applied(id(3), 13);

        assertThat(versions.has(id(1), 11)).isFalse();
        assertThat(versions.has(id(2), 12)).isTrue();
        assertThat(versions.has(id(3), 13)).isTrue();
    }
}
