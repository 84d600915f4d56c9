package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.present;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database put back to an older copy of itself while a process goes on with it. */
class ContinuityTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.OFF);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void server(String... statements) throws SQLException {
        String name = fixture.database.name();
        String url = fixture.database.jdbcUrl().replace("/" + name, "/postgres");
        try (Connection connection =
                        DriverManager.getConnection(url, fixture.database.user(), fixture.database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
        }
    }

    /** Whole and exact, sequences included; every connection is lost. */
    private void backUp() throws SQLException {
        String name = fixture.database.name();
        server("CREATE DATABASE " + name + "_kept TEMPLATE " + name + " STRATEGY file_copy");
    }

    private void restore() throws SQLException {
        String name = fixture.database.name();
        server("DROP DATABASE " + name + " WITH (FORCE)", "ALTER DATABASE " + name + "_kept RENAME TO " + name);
    }

    /** A connection the server has ended is told at its next use, and then gone from the pool. */
    private <T> T onNewConnection(Supplier<T> call) {
        for (int lost = 0; lost < 10; lost++) {
            try {
                return call.get();
            } catch (StoreUnavailableException e) {
                // Nothing was done on it.
            }
        }
        return call.get();
    }

    private Written write(Write write) {
        return onNewConnection(() -> fixture.store.write(List.of(write)).get(0));
    }

    private void ping() {
        onNewConnection(() -> {
            fixture.store.ping();
            return true;
        });
    }

    @Test
    void the_first_write_on_a_new_connection_to_a_restored_database_is_refused_and_writes_nothing() throws Exception {
        write(put(fixture.documents, 1, "kept"));
        backUp();
        write(put(fixture.documents, 2, "lost"));
        restore();

        assertThatThrownBy(() -> write(put(fixture.documents, 3, "too late")))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
        assertThat(fixture.ask("SELECT string_agg(id::text, ',') FROM documents"))
                .isEqualTo("1");
    }

    @Test
    void a_collection_nobody_wrote_to_since_does_not_hide_that_another_one_went_back() throws Exception {
        backUp();
        write(put(fixture.documents, 2, "lost"));
        restore();
        assertThatThrownBy(() -> write(put(fixture.columns, 3, "too late"))).isInstanceOf(FencedException.class);
    }

    @Test
    void asking_whether_it_answers_tells_that_it_went_back_until_the_right_data_are_there() throws Exception {
        backUp();
        write(put(fixture.documents, 2, "lost"));
        restore();
        assertThatThrownBy(this::ping).isInstanceOf(FencedException.class);
        assertThatThrownBy(this::ping).isInstanceOf(FencedException.class);
        fixture.sql(
                "SELECT setval('switchover_version_documents', 1000);"
                        + " INSERT INTO documents (id, body, switchover_version, switchover_order) VALUES (2, '{\"id\":2}', 1, 1)");
        assertThatCode(this::ping).doesNotThrowAnyException();
    }

    @Test
    void new_connections_to_the_same_database_are_used() throws Exception {
        write(put(fixture.documents, 1, "a"));
        server();
        write(put(fixture.documents, 2, "b"));
        write(Fixture.delete(fixture.documents, 2));
        server();
        assertThat(write(insert(fixture.documents, "c")).version()).isPositive();
    }

    @Test
    void a_write_that_went_into_an_older_copy_behind_open_connections_is_not_acknowledged() throws Exception {
        for (int i = 1; i <= 5; i++) {
            write(put(fixture.documents, i, "a"));
        }
        fixture.sql("SELECT setval('switchover_version_documents', 2)");
        assertThatThrownBy(() -> write(put(fixture.documents, 6, "into the copy")))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("went back in time");
        assertThatThrownBy(() -> write(put(fixture.documents, 7, "too late"))).isInstanceOf(FencedException.class);
    }

    @Test
    void a_token_that_was_read_and_is_gone_is_noticed_on_a_new_connection() throws Exception {
        fixture.store.ledger().remember(fixture.documents);
        fixture.store.ledger().read(fixture.documents);
        fixture.sql("UPDATE switchover_ledger SET token = ''; DELETE FROM switchover_history");
        server();
        assertThatThrownBy(() -> write(put(fixture.documents, 1, "too late"))).isInstanceOf(FencedException.class);
    }

    @Test
    void a_counter_that_jumped_over_the_lost_record_does_not_hide_it() throws Exception {
        write(put(fixture.documents, 1, "older"));
        write(put(fixture.documents, 1, "lost"));
        fixture.sql("UPDATE documents SET switchover_version = 1; SELECT setval('switchover_version_documents', 30)");
        server();
        assertThatThrownBy(() -> write(put(fixture.documents, 2, "too late"))).isInstanceOf(FencedException.class);
    }

    @Test
    void on_a_new_timeline_the_last_record_has_to_be_there_and_elsewhere_somebody_may_have_deleted_it()
            throws Exception {
        AtomicReference<String> timeline = new AtomicReference<>("'before'");
        Continuity continuity = new Continuity(
                new Names(null),
                () -> new Tables(fixture.schemas(), new Names(null), Capabilities.NONE),
                () -> new Capabilities(false, true, timeline.get(), "NULL::bigint", Duration.ZERO));
        continuity.serves(fixture.documents);
        try (Connection connection = fixture.database.connect()) {
            Write lost = put(fixture.documents, 1, "lost", Expected.ANY);
            continuity.acknowledge(continuity.before(List.of(lost)), fixture.store.write(List.of(lost)));
            assertThat(continuity.look(connection)).isTrue();
            fixture.sql("DELETE FROM documents; SELECT setval('switchover_version_documents', 30)");
            assertThat(continuity.look(connection)).isTrue();
            timeline.set("'after'");
            assertThatThrownBy(() -> continuity.look(connection)).isInstanceOf(FencedException.class);
        }
    }

    @Test
    void a_log_that_ends_before_what_was_durable_is_noticed() throws Exception {
        AtomicReference<String> wal = new AtomicReference<>("200::bigint");
        Continuity continuity = new Continuity(
                new Names(null),
                () -> new Tables(fixture.schemas(), new Names(null), Capabilities.NONE),
                () -> new Capabilities(false, true, "'one'", wal.get(), Duration.ZERO));
        continuity.serves(fixture.documents);
        try (Connection connection = fixture.database.connect()) {
            assertThat(continuity.look(connection)).isTrue();
            wal.set("199::bigint");
            assertThatThrownBy(() -> continuity.look(connection)).isInstanceOf(FencedException.class);
        }
    }

    @Test
    void connections_looked_at_side_by_side_while_others_write_are_all_good() throws Exception {
        fixture.store.prepare();
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            AtomicBoolean done = new AtomicBoolean();
            Future<?> writer = threads.submit(() -> {
                for (int i = 1; !done.get(); i++) {
                    write(put(fixture.documents, i, "a"));
                }
            });
            List<Future<?>> lookers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                lookers.add(threads.submit(() -> {
                    for (int i = 0; i < 150; i++) {
                        fixture.store.ping();
                    }
                }));
            }
            for (Future<?> looker : lookers) {
                looker.get(60, TimeUnit.SECONDS);
            }
            done.set(true);
            writer.get(60, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_mirror_that_lacks_what_was_applied_takes_nothing_more_under_that_fence() throws Exception {
        fixture.sql("DELETE FROM switchover_ledger WHERE collection = 'documents'");
        fixture.follow(fixture.documents);
        apply(1, 11);
        String kept = fixture.ask("SELECT last_apply FROM switchover_ledger WHERE collection = 'documents'");
        apply(2, 12);
        fixture.sql("DELETE FROM documents WHERE id = 2; UPDATE switchover_ledger SET last_apply = " + kept
                + ", version_floor = 11 WHERE collection = 'documents'");
        assertThatThrownBy(() -> apply(3, 13))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
        LedgerEntry entry = fixture.store.ledger().read(fixture.documents).orElseThrow();
        assertThat(entry.state()).isEqualTo(State.MIRROR);
        assertThat(entry.position().version()).isEqualTo(11);
        assertThat(entry.seen()).extracting(Position::version).isEqualTo(0L);
    }

    private void apply(long id, long version) {
        fixture.store
                .mirrorTarget()
                .apply(
                        Fixture.fences(fixture.documents),
                        List.of(present(fixture.documents, id, version, "a")),
                        Map.of());
    }
}
