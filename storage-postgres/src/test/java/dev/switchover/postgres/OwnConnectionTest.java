package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnConnectionTest {

    private final AtomicLong clock = new AtomicLong();
    private final List<Connection> opened = new CopyOnWriteArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private TestDatabase server;
    private Database database;
    private OwnConnection own;

    @BeforeEach
    void open() {
        server = TestDatabase.create();
        database(connection -> {});
    }

    @AfterEach
    void close() {
        goOn.countDown();
        own.close();
        database.close();
        server.close();
    }

    private void database(Database.LookAt lookAt) {
        database = new Database(PostgresSettings.of(DatabaseUrl.parse(server.url())), connection -> {
            opened.add(connection);
            lookAt.connection(connection);
        });
        own = new OwnConnection(database, Duration.ofSeconds(5), new AtomicLong(), clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private Connection ready() {
        await().until(() -> {
            own.makeReady();
            return own.ready() != null;
        });
        return Objects.requireNonNull(own.ready());
    }

    @Test
    void whoMakesItReadyDoesNotWaitForTheServer() throws SQLException {
        database.close();
        database(connection -> awaitQuietly(goOn));
        own.makeReady();
        await().until(() -> opened.size() == 1);
        own.makeReady();
        assertThat(own.ready()).isNull();
        goOn.countDown();
        await().until(() -> own.ready() != null);
        assertThat(opened).hasSize(1);
        assertThat(Objects.requireNonNull(own.ready()).getNetworkTimeout()).isEqualTo(5_000);
    }

    @Test
    void oneThatIsReadyIsLeftAlone() throws SQLException {
        Connection first = ready();
        first.close(); // nobody notices, for nobody looks
        own.makeReady();
        assertThat(own.ready()).isSameAs(first);
    }

    @Test
    void oneThatHasRestedIsLookedAt() {
        Connection first = ready();
        pass(Duration.ofMillis(501));
        assertThat(own.ready()).isNull();
        assertThat(ready()).isSameAs(first);
        pass(Duration.ofMillis(499));
        assertThat(own.ready()).isSameAs(first);
        own.answered();
        pass(Duration.ofMillis(499));
        assertThat(own.ready()).isSameAs(first);
    }

    @Test
    void oneThatDiedAtRestIsReplaced() throws SQLException {
        Connection first = ready();
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
        pass(Duration.ofSeconds(1));
        assertThat(ready()).isNotSameAs(first);
    }

    @Test
    void oneThatHasRestedLongIsReplacedWithoutALook() throws SQLException {
        Connection first = ready();
        pass(Duration.ofSeconds(121));
        assertThat(ready()).isNotSameAs(first);
        assertThat(first.isClosed()).isTrue();
    }

    @Test
    void oneThatIsOldIsReplaced() {
        Connection first = ready();
        for (int minute = 0; minute < 29; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(ready()).isSameAs(first);
        }
        pass(Duration.ofMinutes(1));
        assertThat(ready()).isNotSameAs(first);
    }

    @Test
    void afterAFailureItIsNotTriedAgainForAWhile() throws SQLException {
        database.close();
        database(connection -> {
            throw new SQLException("no", "08006");
        });
        own.makeReady();
        await().until(() -> opened.size() == 1 && opened.get(0).isClosed());
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        pass(Duration.ofMillis(9_900));
        own.makeReady();
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        assertThat(opened).hasSize(1);
        pass(Duration.ofMillis(200));
        own.makeReady();
        await().until(() -> opened.size() == 2);
    }

    @Test
    void oneThatComesTooLateIsClosed() {
        database.close();
        database(connection -> awaitQuietly(goOn));
        own.makeReady();
        await().until(() -> opened.size() == 1);
        own.close();
        goOn.countDown();
        await().until(() -> opened.get(0).isClosed());
        assertThat(own.ready()).isNull();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
