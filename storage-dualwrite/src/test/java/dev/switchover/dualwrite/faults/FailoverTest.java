package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestCluster;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two PostgreSQL servers with streaming replication, both named in the URL. They are made of the embedded binaries; with another
 * test server these tests are skipped, and say so ({@link TestCluster}).
 */
@Tag("slow")
class FailoverTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration SOME_LOOKS = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void afterAFailoverTheNewPrimaryIsFoundAndHasEverythingAcknowledged() throws Exception {
        failOver(Phase.DB_PRIMARY);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_ONLY"})
    void afterAFailoverTheNewPrimaryIsFoundInEveryPhase(Phase phase) throws Exception {
        failOver(phase);
    }

    private void failOver(Phase phase) throws Exception {
        try (TestCluster primary = TestCluster.start();
                TestCluster standby = primary.standby("copy")) {
            primary.waitFor("copy");
            ServiceUnderTest service = new ServiceUnderTest(directory, TestCluster.url(standby, primary));
            try (SwitchoverStorage storage = service.open(phase)) {
                Thread writer = writeUntil(storage, () -> {
                    primary.kill();
                    if (phase.databasePhase()) {
                        nobodyTakesTheStandbyForThePrimary(storage, service);
                    }
                    standby.promote();
                    await().atMost(SOON)
                            .ignoreExceptionsInstanceOf(StorageException.class)
                            .until(() -> create(storage, "after the failover"));
                });
                writer.join(SOON.toMillis());
                assertThat(writer.isAlive()).isFalse();
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(stored(storage)).containsAll(acknowledged).contains("after the failover");
            }
            try (SwitchoverStorage storage = service.open(phase)) {
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(stored(storage)).containsAll(acknowledged);
            }
            if (phase.mirrored()) {
                BothStores.assertEqual(directory, standby.url(), List.of(EXPENSES, NOTES));
            }
        }
    }

    /** Its ledger says that the database leads; but a replica is not asked. */
    private static void nobodyTakesTheStandbyForThePrimary(SwitchoverStorage storage, ServiceUnderTest service) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(StorageException.class)
                .until(() ->
                        storage.repository(EXPENSES).read(Repository::findAll).stale());
        assertThatThrownBy(() -> storage.repository(EXPENSES).create(expense("1")))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> service.open(Phase.DB_ONLY))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("DATABASE-UNREACHABLE");
    }

    /** The standby takes over without the last writes. */
    private void loseTheTail(TestCluster primary, TestCluster standby, Runnable lastWrites) {
        standby.stop();
        lastWrites.run();
        primary.kill();
        standby.begin();
        standby.promote();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void aFailoverThatLosesTheTailIsNoticedByARunningInstance(Phase phase) {
        try (TestCluster primary = TestCluster.start();
                TestCluster standby = primary.standby("copy")) {
            ServiceUnderTest service = new ServiceUnderTest(directory, TestCluster.url(primary, standby));
            try (SwitchoverStorage storage = service.open(phase)) {
                create(storage, "kept");
                assertThat(storage.awaitInSync(SOON)).isTrue();
                await().pollDelay(SOME_LOOKS).until(() -> true);
                loseTheTail(primary, standby, () -> {
                    create(storage, "lost");
                    assertThat(storage.awaitInSync(SOON)).isTrue();
                });
                await().atMost(SOON)
                        .untilAsserted(() -> assertThatThrownBy(
                                        () -> storage.repository(EXPENSES).findAll())
                                .isInstanceOf(FencedException.class)
                                .hasMessageContaining("went back in time"));
                assertThatThrownBy(() -> storage.repository(EXPENSES).create(expense("1")))
                        .isInstanceOf(FencedException.class);
            }
            if (phase == Phase.DB_PRIMARY) {
                assertThatThrownBy(() -> service.open(phase))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContaining("WENT-BACK-IN-TIME");
                assertThatThrownBy(() -> service.open(Phase.JSON_ONLY))
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContaining("WENT-BACK-IN-TIME");
                service.set("SWITCHOVER_ADOPT", "json");
                try (SwitchoverStorage back = service.open(Phase.JSON_ONLY)) {
                    assertThat(stored(back)).contains("kept", "lost");
                }
            }
        }
    }

    @Test
    void aDeletionLostWithTheTailIsNoticedAtTheNextStart(@TempDir Path elsewhere) throws Exception {
        try (TestCluster primary = TestCluster.start();
                TestCluster standby = primary.standby("copy")) {
            String url = TestCluster.url(primary, standby);
            ServiceUnderTest service = new ServiceUnderTest(directory, url);
            AtomicReference<ServiceUnderTest> after = new AtomicReference<>();
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                create(storage, "kept");
                Expense gone = storage.repository(EXPENSES).create(expense("1"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                await().atMost(SOON)
                        .until(() ->
                                standby.query("SELECT count(*) FROM expenses").equals("2"));
                loseTheTail(primary, standby, () -> {
                    storage.repository(EXPENSES).delete(gone.id());
                    assertThat(storage.awaitInSync(SOON)).isTrue();
                    after.set(service.crashedInto(elsewhere));
                });
            }
            assertThat(standby.query("SELECT count(*) FROM expenses")).isEqualTo("2");
            assertThatThrownBy(() -> after.get().open(Phase.DB_PRIMARY))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("WENT-BACK-IN-TIME");
        }
    }

    @Tag("slow")
    @Test
    void aMirrorThatLostTheTailIsComparedAndCatchesUp() {
        try (TestCluster primary = TestCluster.start();
                TestCluster standby = primary.standby("copy")) {
            ServiceUnderTest service = new ServiceUnderTest(directory, TestCluster.url(primary, standby));
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                create(storage, "kept");
                assertThat(storage.awaitInSync(SOON)).isTrue();
                loseTheTail(primary, standby, () -> {
                    create(storage, "lost by the mirror");
                    assertThat(storage.awaitInSync(SOON)).isTrue();
                });
                create(storage, "after the failover");
                await().atMost(SOON)
                        .until(() ->
                                standby.query("SELECT count(*) FROM expenses").equals("3"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
            }
            BothStores.assertEqual(directory, standby.url(), List.of(EXPENSES, NOTES));
        }
    }

    private Thread writeUntil(SwitchoverStorage storage, Runnable event) {
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(
                () -> {
                    for (int i = 0; !done.get(); i++) {
                        if (!create(storage, "write " + i)) {
                            LockSupport.parkNanos(1_000_000); // leaves the machine to those who mend it
                        }
                    }
                },
                "writer");
        writer.start();
        try {
            await().atMost(SOON).until(() -> acknowledged.size() > 50);
            event.run();
        } finally {
            done.set(true);
        }
        return writer;
    }

    private boolean create(SwitchoverStorage storage, String mark) {
        Expense plain = expense("1");
        try {
            storage.repository(EXPENSES).create(new Expense(null, plain.date(), mark, BigDecimal.ONE, null));
            acknowledged.add(mark);
            return true;
        } catch (StorageException e) {
            return false; // refused, or unknown: nothing was promised
        }
    }

    private static List<String> stored(SwitchoverStorage storage) {
        return storage.repository(EXPENSES).findAll().stream()
                .map(Expense::category)
                .toList();
    }
}
