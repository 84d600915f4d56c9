package dev.switchover.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestClusterTest {

    @Test
    void a_standby_follows_and_is_promoted_after_a_kill() {
        try (TestCluster primary = TestCluster.start();
                TestCluster standby = primary.standby("copy")) {
            assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
            primary.waitFor("copy");
            primary.execute("CREATE TABLE mine AS SELECT 7 AS number");
            primary.kill();
            standby.promote();
            assertThat(standby.query("SELECT number FROM mine")).isEqualTo("7");
            assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("f");
        }
    }
}
