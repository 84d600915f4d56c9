package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.StorageHealth.Level;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageHealthTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private TestDatabase database;
    private TcpProxy proxy;
    private ServiceUnderTest service;

    @BeforeEach
    void standBetween() {
        database = TestDatabase.create();
        proxy = TcpProxy.before(database);
        service = new ServiceUnderTest(directory, proxy.url());
    }

    @AfterEach
    void takeAway() {
        proxy.close();
        database.close();
    }

    @Test
    void aMirrorThatIsAwayDegradesAndHealsByItself() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            assertThat(storage.awaitInSync(SOON)).isTrue();
            assertThat(health(storage)).isEqualTo(new StorageHealth(Level.UP, List.of()));

            proxy.cut();
            storage.repository(EXPENSES).create(expense("1.10"));
            await().atMost(SOON).until(() -> health(storage).level() == Level.DEGRADED);
            assertThat(health(storage).reasons()).anyMatch(reason -> reason.contains("expenses is not mirrored"));

            proxy.mend();
            await().atMost(SOON).until(() -> health(storage).level() == Level.UP);
        }
    }

    @Test
    void aPrimaryThatIsAwayIsDown() {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            assertThat(health(storage).level()).isEqualTo(Level.UP);

            proxy.cut();
            await().atMost(SOON).until(() -> health(storage).level() == Level.DOWN);
            assertThat(health(storage).reasons()).anyMatch(reason -> reason.contains("expenses does not serve"));

            proxy.mend();
            await().atMost(SOON).until(() -> health(storage).level() == Level.UP);
        }
    }

    private static StorageHealth health(SwitchoverStorage storage) {
        return StorageHealth.of(storage.status());
    }
}
