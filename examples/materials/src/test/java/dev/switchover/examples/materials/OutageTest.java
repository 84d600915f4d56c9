package dev.switchover.examples.materials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.examples.embedded.CuttableProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database goes away and comes back. */
class OutageTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"DB_PRIMARY", "DB_ONLY"})
    void readsAreStaleAndWritesRefusedUntilItIsBack(Phase phase) throws Exception {
        SampleData.copyTo(directory);
        try (TestDatabase database = TestDatabase.create();
                CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningService service =
                        RunningService.start(directory, RunningService.variables(phase, through(way, database)))) {
            Client client = service.client();
            assertThat(client.patch("bathroom", 0, "price.ttc", "1.10").status())
                    .isEqualTo(200);
            assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            if (phase == Phase.DB_ONLY) {
                // Its files are as old as the last export.
                assertThat(client.post("/api/admin/export-to-json", RunningService.AS_ADMIN)
                                .status())
                        .isEqualTo(200);
            }
            String copied = client.document();
            if (phase == Phase.DB_ONLY) {
                assertThat(client.patch("bathroom", 0, "price.ttc", "2.20").status())
                        .isEqualTo(200);
            }
            String latest = client.document();

            way.cut();

            Client.Answer stale = client.get("/api/materials");
            assertThat(stale.status()).as(stale.text()).isEqualTo(200);
            assertThat(Instant.parse(stale.header("X-Storage-Stale"))).isBeforeOrEqualTo(Instant.now());
            assertThat(stale.text()).isEqualTo(copied);
            assertThat(client.get("/api/edit-history").header("X-Storage-Stale"))
                    .isNotEmpty();
            for (Client.Answer refused :
                    List.of(client.patch("bathroom", 0, "price.ttc", "3.30"), client.put(copied))) {
                assertThat(refused.status()).as(refused.text()).isEqualTo(503);
                assertThat(refused.json().path("detail").textValue()).isNotEmpty();
            }
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);

            way.mend();

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Client.Answer fresh = client.get("/api/materials");
                assertThat(fresh.header("X-Storage-Stale")).isEmpty();
                assertThat(fresh.text()).isEqualTo(latest);
                assertThat(client.patch("bathroom", 0, "price.ttc", "4.40").status())
                        .isEqualTo(200);
            });
        }
    }

    @Test
    void aMirrorThatIsAwayRefusesNothing() throws Exception {
        SampleData.copyTo(directory);
        try (TestDatabase database = TestDatabase.create();
                CuttableProxy way = new CuttableProxy(URI.create(database.url()).getPort());
                RunningService service = RunningService.start(
                        directory, RunningService.variables(Phase.JSON_PRIMARY, through(way, database)))) {
            Client client = service.client();
            assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            way.cut();

            for (int quantity = 0; quantity < 5; quantity++) {
                assertThat(client.patch("kitchen", 0, "order.quantity", Integer.toString(quantity))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(client.get("/api/materials").header("X-Storage-Stale")).isEmpty();
            assertThat(client.get("/actuator/health").json().path("status").textValue())
                    .isEqualTo("DEGRADED");
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);

            way.mend();

            assertThat(service.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            Client.Answer verified = client.post("/api/admin/verify", RunningService.AS_ADMIN);
            assertThat(verified.text()).contains("\"drift\":0").doesNotContainPattern("\"drift\":[1-9]");
        }
    }

    private static String through(CuttableProxy way, TestDatabase database) {
        return "postgresql://" + database.user() + ":" + database.password() + "@127.0.0.1:" + way.port() + "/"
                + database.name();
    }
}
