package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way there and back through a pooler in transaction mode. How to run it: {@link PgBouncer}. */
class PgBouncerTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int WRITERS = 12;
    private static final List<Phase> THERE_AND_BACK = List.of(
            Phase.JSON_ONLY,
            Phase.JSON_PRIMARY,
            Phase.DB_PRIMARY,
            Phase.DB_ONLY,
            Phase.DB_PRIMARY,
            Phase.JSON_PRIMARY,
            Phase.JSON_ONLY,
            Phase.DB_ONLY,
            Phase.JSON_ONLY);

    @TempDir
    Path directory;

    @TempDir
    Path poolerFolder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void everyPhaseAndEveryFlipWorksWithConcurrentWriters() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try (TestDatabase database = TestDatabase.create();
                PgBouncer pooler = PgBouncer.before(database, poolerFolder)) {
            ServiceUnderTest service = new ServiceUnderTest(directory, pooler.url(database));
            for (Phase phase : THERE_AND_BACK) {
                try (SwitchoverStorage storage = service.open(phase)) {
                    assertThat(stored(storage)).containsExactlyInAnyOrderElementsOf(acknowledged);
                    write(storage, writers, phase.toString());
                    readEveryWay(storage);
                    assertThat(storage.awaitInSync(SOON)).isTrue();
                }
                if (phase.mirrored()) {
                    BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
                }
            }
            try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
                assertThat(stored(storage)).containsExactlyInAnyOrderElementsOf(acknowledged);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void aPoolerThatIsKilledAndComesBackCostsNothingAcknowledged() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                PgBouncer pooler = PgBouncer.before(database, poolerFolder);
                SwitchoverStorage storage =
                        new ServiceUnderTest(directory, pooler.url(database)).open(Phase.DB_PRIMARY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(marked("before"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            pooler.kill();
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(StorageException.class)
                    .until(() -> expenses.read(Repository::findAll).stale());
            pooler.start();
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(StorageException.class)
                    .until(() -> expenses.create(marked("after")) != null);
            assertThat(stored(storage)).contains("before", "after");
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        assertThat(directory.resolve("expenses.json")).content().contains("before", "after");
    }

    private void write(SwitchoverStorage storage, ExecutorService writers, String mark) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String who = mark + "-" + acknowledged.size() + "-" + writer;
            running.add(writers.submit(() -> writeAsOneDoes(storage, who)));
        }
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    private void writeAsOneDoes(SwitchoverStorage storage, String who) {
        Repository<Expense, Long> expenses = storage.repository(EXPENSES);
        for (int i = 0; i < 5; i++) {
            expenses.create(marked(who + "-" + i));
            acknowledged.add(who + "-" + i);
        }
        Expense gone = expenses.create(marked("gone"));
        expenses.delete(gone.id());
        storage.repository(NOTES).saveAll(List.of(new Note(who, "1"), new Note("shared", who)));
        storage.repository(NOTES).update("shared", note -> new Note("shared", note.text() + "!"));
        storage.inUnitOfWork(work -> {
            work.on(NOTES).save(new Note("shared", who + " together"));
            return work.on(EXPENSES).create(marked(who + "-together"));
        });
        acknowledged.add(who + "-together");
    }

    private static void readEveryWay(SwitchoverStorage storage) {
        Repository<Expense, Long> expenses = storage.repository(EXPENSES);
        long count = expenses.count();
        assertThat(expenses.page(Query.all().limit(3)).records()).hasSize(3);
        try (Stream<Expense> stream = expenses.stream(Query.all())) {
            assertThat(stream.count()).isEqualTo(count);
        }
        assertThat(storage.status().collections()).allMatch(collection -> collection.serving());
    }

    private static List<String> stored(SwitchoverStorage storage) {
        return storage.repository(EXPENSES).findAll().stream()
                .map(Expense::category)
                .toList();
    }

    private static Expense marked(String mark) {
        Expense plain = expense("1");
        return new Expense(null, plain.date(), mark, BigDecimal.ONE, null);
    }
}
