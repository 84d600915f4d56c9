package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database goes away and comes back, in every phase. */
class OutageTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @TempDir
    Path another;

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

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void readsAreStaleAndWritesRefusedWhileTheDatabaseIsAway(Phase phase) {
        Instant before = Instant.now();
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        try (SwitchoverStorage storage = service.open(phase)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            assertThat(expenses.read(Repository::findAll).stale()).isFalse();

            proxy.cut();
            Read<List<Expense>> read = expenses.read(Repository::findAll);
            assertThat(read.value()).hasSize(1);
            assertThat(read.stale()).isTrue();
            assertThat(read.staleAsOf().orElseThrow()).isBetween(before, Instant.now());
            assertThatThrownBy(() -> expenses.create(expense("2"))).isInstanceOf(StoreUnavailableException.class);
            assertThat(status(storage).serving()).isFalse();
            assertThat(status(storage).staleAsOf()).isNotNull();

            proxy.mend();
            await().atMost(SOON).until(() -> !expenses.read(Repository::findAll).stale());
            assertThat(expenses.create(expense("3")).id()).isEqualTo(2);
        }
    }

    @Test
    void aDirectoryThatNeverWasACopyAnswersNoReads() {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
        }
        ServiceUnderTest joining = new ServiceUnderTest(another, proxy.url());
        List.of(service, joining).forEach(blank -> blank.set("SWITCHOVER_CONNECTION_TIMEOUT", "1s"));
        for (ServiceUnderTest blank : List.of(service, joining)) {
            try (SwitchoverStorage storage = blank.open(Phase.DB_ONLY)) {
                Repository<Expense, Long> expenses = storage.repository(EXPENSES);
                proxy.cut();
                assertThatThrownBy(() -> expenses.read(Repository::findAll))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("JSON has no copy of expenses")
                        .hasMessageContaining("export");
                assertThat(status(storage).staleAsOf()).isNull();
                assertThat(status(storage).note()).contains("no copy");
                proxy.mend();
            }
            proxy.cut();
            blank.set("SWITCHOVER_START_STALE", "true");
            assertThatThrownBy(() -> blank.open(Phase.DB_ONLY))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("DATABASE-UNREACHABLE")
                    .hasMessageContaining("no copy");
            proxy.mend();
        }
        try (SwitchoverStorage storage = joining.open(Phase.DB_ONLY)) {
            storage.export();
            proxy.cut();
            Read<List<Expense>> read = storage.repository(EXPENSES).read(Repository::findAll);
            assertThat(read.stale()).isTrue();
            assertThat(read.value()).hasSize(1);
            proxy.mend();
        }
    }

    @Test
    void aNewMirrorIsACopyFromTheMomentItIsInSync() {
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            assertThat(storage.awaitInSync(SOON)).isTrue();
            storage.repository(EXPENSES).create(expense("1.10"));
            proxy.cut();

            Read<List<Expense>> read = storage.repository(EXPENSES).read(Repository::findAll);

            assertThat(read.stale()).isTrue();
            assertThat(read.value()).hasSize(1);
            proxy.mend();
        }
    }

    @Test
    void aCopyThatIsBroughtUpToDateIsDatedByItsLastState() {
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        Instant copied = Instant.now();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(EXPENSES).create(expense("2.20"));
            proxy.cut();
            assertThat(storage.repository(EXPENSES)
                            .read(Repository::findAll)
                            .staleAsOf()
                            .orElseThrow())
                    .isBeforeOrEqualTo(copied);
            proxy.mend();
        }
    }

    @Tag("slow")
    @Test
    void staleReadsCanBeSwitchedOff() {
        service.set("SWITCHOVER_STALE_READS", "no");
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            proxy.cut();
            assertThatThrownBy(() -> storage.repository(EXPENSES).findAll())
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void aDeadDatabaseCostsOneCallItsTimeoutAndTheNextOnesNothing() {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            proxy.hang();
            long start = System.nanoTime();
            assertThatThrownBy(() -> expenses.create(expense("2"))).isNotNull();
            await().atMost(SOON).until(() -> storage.status().databaseAwaySince() != null);
            // Not a measurement: a hundred calls that waited for a timeout each would take minutes.
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> expenses.create(expense("3"))).isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
            proxy.mend();
        }
    }

    @Test
    void jsonPrimaryGoesOnWithoutItsMirrorAndCatchesUpByItself() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            assertThat(storage.awaitInSync(SOON)).isTrue();

            proxy.cut();
            for (int i = 0; i < 50; i++) {
                expenses.create(expense("2." + i));
            }
            expenses.delete(1L);
            assertThat(status(storage).pending()).isEqualTo(51);
            assertThat(expenses.read(Repository::findAll).stale()).isFalse();

            proxy.mend();
            await().atMost(SOON).until(() -> status(storage).pending() == 0);
        }
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @Test
    void jsonPrimaryStartsWithoutItsDatabase() {
        service.set("SWITCHOVER_CONNECTION_TIMEOUT", "1s");
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).create(new Note("a", "before"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        proxy.cut();
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "while it is away"));
            storage.repository(NOTES).create(new Note("b", "while it is away"));
            assertThat(status(storage, "notes").pending()).isEqualTo(2);
            proxy.mend();
            await().atMost(SOON).until(() -> status(storage, "notes").pending() == 0);
        }
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void databasePhasesStartWithoutTheirDatabaseOnlyIfTold(Phase phase) {
        service.set("SWITCHOVER_CONNECTION_TIMEOUT", "1s");
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        proxy.cut();
        assertThatThrownBy(() -> service.open(phase))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("DATABASE-UNREACHABLE")
                .hasMessageContaining("SWITCHOVER_START_STALE");

        service.set("SWITCHOVER_START_STALE", "true");
        try (SwitchoverStorage storage = service.open(phase)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            assertThat(expenses.read(Repository::findAll).stale()).isTrue();
            assertThatThrownBy(() -> expenses.create(expense("2"))).isInstanceOf(StoreUnavailableException.class);
            proxy.mend();
            await().atMost(SOON).until(() -> !expenses.read(Repository::findAll).stale());
            assertThat(expenses.create(expense("2")).id()).isEqualTo(2);
        }
    }

    @Test
    void goingBackToJsonWithoutTheDatabaseIsRefusedAndSaysWhy() {
        service.set("SWITCHOVER_CONNECTION_TIMEOUT", "1s");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
        }
        proxy.cut();
        assertThatThrownBy(() -> service.open(Phase.JSON_ONLY))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("AUTHORITY-UNREACHABLE");
        proxy.mend();
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(EXPENSES).findAll()).hasSize(1);
        }
    }

    @Tag("slow")
    @Test
    void aFlagTableThatCannotBeReadIsNotAnAbsentFlag() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).create(new Note("a", "first"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        proxy.cut();
        try (SwitchoverStorage storage = service.open(Map.of())) {
            assertThat(status(storage).phase()).isEqualTo(Phase.JSON_PRIMARY);
            assertThat(status(storage).flags()).allMatch(flag -> flag.contains("last start"));
        }
    }

    private static CollectionStatus status(SwitchoverStorage storage) {
        return status(storage, "expenses");
    }

    private static CollectionStatus status(SwitchoverStorage storage, String collection) {
        return storage.status().collections().stream()
                .filter(status -> status.name().equals(collection))
                .findFirst()
                .orElseThrow();
    }
}
