package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two instances on one database and one directory. */
class InstancesTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private TestDatabase database;
    private ServiceUnderTest service;

    @BeforeEach
    void setUp() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
    }

    @AfterEach
    void tearDown() {
        database.close();
    }

    @Test
    void aLockedDirectoryIsRefusedNamingItsHolder() {
        try (SwitchoverStorage first = service.open(Phase.JSON_ONLY)) {
            first.repository(EXPENSES).create(expense("1"));
            assertThatThrownBy(() -> service.open(Phase.JSON_PRIMARY))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("DIRECTORY-LOCKED")
                    .hasMessageContaining(directory.toString());
            first.repository(EXPENSES).create(expense("2"));
        }
    }

    @Test
    void anInstanceOfTheOldPhaseIsFenced() {
        try (SwitchoverStorage old = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = old.repository(EXPENSES);
            expenses.create(expense("1"));
            try (SwitchoverStorage fresh = service.open(Phase.JSON_ONLY)) {
                assertThat(fresh.repository(EXPENSES).count()).isEqualTo(1);
                assertThatThrownBy(() -> expenses.create(expense("2"))).isInstanceOf(FencedException.class);
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThatThrownBy(expenses::findAll).isInstanceOf(FencedException.class));
                assertThat(fresh.repository(EXPENSES).create(expense("3")).id()).isEqualTo(2);
            }
        }
    }

    @Test
    void aFencedInstanceServesAgainWhenItsStoreIsTheAuthorityAgain() {
        try (SwitchoverStorage old = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = old.repository(EXPENSES);
            expenses.create(expense("1"));
            try (SwitchoverStorage between = service.open(Phase.JSON_ONLY)) {
                between.repository(EXPENSES).create(expense("2"));
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThatThrownBy(expenses::findAll).isInstanceOf(FencedException.class));
            }
            try (SwitchoverStorage back = service.open(Phase.DB_ONLY)) {
                assertThat(back.repository(EXPENSES).count()).isEqualTo(2);
                await().atMost(SOON).ignoreExceptions().until(() -> expenses.count() == 2);
                assertThat(expenses.create(expense("3")).id()).isEqualTo(3);
            }
        }
    }

    @Test
    void anotherInstanceKeepsTheMirrorWhenItsHolderEnds() {
        SwitchoverStorage holder = service.open(Phase.DB_PRIMARY);
        try (SwitchoverStorage other = service.open(Phase.DB_PRIMARY)) {
            assertThat(other.status().holdsDirectory()).isFalse();
            other.repository(EXPENSES).create(expense("1"));
            holder.repository(EXPENSES).create(expense("2"));
            holder.close();
            await().atMost(SOON).until(() -> other.status().holdsDirectory());
            other.repository(EXPENSES).create(expense("3"));
            await().atMost(SOON).until(() -> other.awaitInSync(Duration.ofSeconds(1)));
        } finally {
            holder.close();
        }
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aNewcomerThatAsksGetsTheDirectoryAndEverythingAcknowledged(Phase next) throws InterruptedException {
        List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch someWritten = new CountDownLatch(20);
        try (SwitchoverStorage old = service.open(Phase.JSON_PRIMARY)) {
            Thread writer = new Thread(() -> writeUntilRefused(old, acknowledged, someWritten));
            writer.start();
            someWritten.await();
            service.set("SWITCHOVER_TAKE_OVER", "true");
            try (SwitchoverStorage fresh = service.open(next)) {
                writer.join(SOON.toMillis());
                assertThat(writer.isAlive()).isFalse();
                assertThat(fresh.repository(EXPENSES).findAll())
                        .extracting(Expense::id)
                        .containsAll(acknowledged);
                assertThatThrownBy(() -> old.repository(EXPENSES).create(expense("9")))
                        .isInstanceOf(StorageException.class);
            }
        }
    }

    private static void writeUntilRefused(
            SwitchoverStorage storage, List<Long> acknowledged, CountDownLatch someWritten) {
        try {
            while (true) {
                acknowledged.add(
                        storage.repository(EXPENSES).create(expense("1")).id());
                someWritten.countDown();
            }
        } catch (StorageException refused) {
            // The directory is somebody else's now.
        }
    }
}
