package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many outages later there are as many threads and connections as before the first. */
@Tag("slow")
class LeakTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int POOL = 10;

    @TempDir
    Path directory;

    private Surroundings around;
    private ServiceUnderTest service;

    @BeforeEach
    void setUp() {
        around = Surroundings.shared();
        service = new ServiceUnderTest(directory, around.urlThroughProxy())
                .set("SWITCHOVER_CONNECTION_TIMEOUT", "500ms")
                .set("SWITCHOVER_CLOSE_TIMEOUT", "1s");
    }

    @AfterEach
    void tearDown() {
        around.close();
    }

    /** Of this library, the pool's among them. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("switchover-"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void outagesLeaveNoThreadAndNoConnectionBehind(Phase phase) {
        outages(phase, 3);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY", "DB_ONLY"})
    void manyOutagesLeaveNoThreadAndNoConnectionBehind(Phase phase) {
        outages(phase, 40);
    }

    private void outages(Phase phase, int outages) {
        List<String> before = threads();
        try (SwitchoverStorage storage = service.open(phase)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            List<String> open = threads();
            for (int outage = 0; outage < outages; outage++) {
                around.proxy().reset();
                for (int call = 0; call < 20; call++) {
                    catchThrowable(() -> expenses.create(expense("2")));
                    catchThrowable(() -> expenses.stream(Query.all()).close());
                    catchThrowable(
                            () -> storage.inUnitOfWork(work -> work.on(EXPENSES).create(expense("3"))));
                }
                around.proxy().mend();
                await().atMost(SOON)
                        .ignoreExceptionsInstanceOf(StorageException.class)
                        .until(() -> expenses.create(expense("4")) != null);
                assertThat(storage.awaitInSync(SOON)).isTrue();
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(threads()).hasSizeLessThanOrEqualTo(open.size()));
            assertThat(around.connections()).isLessThanOrEqualTo(POOL);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).hasSizeLessThanOrEqualTo(before.size()));
        await().atMost(SOON).until(() -> around.connections() == 0);
    }

    @Test
    void refusedStartsLeaveNoThreadAndNoConnectionBehind() {
        service.open(Phase.DB_ONLY).close();
        List<String> before = threads();
        around.proxy().refuse();
        for (int start = 0; start < 2; start++) {
            assertThat(catchThrowable(() -> service.open(Phase.DB_ONLY))).isInstanceOf(StartRefusedException.class);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).hasSizeLessThanOrEqualTo(before.size()));
        await().atMost(SOON).until(() -> around.connections() == 0);
    }

    @Test
    void aPoolThatIsAllTakenIsNotTakenForADeadDatabase() {
        try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            expenses.create(expense("1"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            // The mirror worker needs a connection now and then, so the last one may be the worker's.
            List<Stream<Expense>> streams = new ArrayList<>();
            await().atMost(SOON).until(() -> {
                try {
                    streams.add(expenses.stream(Query.all()));
                } catch (StoreUnavailableException e) {
                    return streams.size() >= POOL;
                }
                return false;
            });
            assertThat(streams).hasSize(POOL);
            for (int look = 0; look < 3; look++) {
                assertThat(catchThrowable(() -> expenses.read(Repository::findAll)))
                        .as("a read that got no connection")
                        .isInstanceOf(StoreUnavailableException.class);
                assertThat(storage.status().databaseAwaySince()).isNull();
            }
            streams.forEach(Stream::close);
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> !expenses.read(Repository::findAll).stale());
            expenses.create(expense("2"));
        }
    }
}
