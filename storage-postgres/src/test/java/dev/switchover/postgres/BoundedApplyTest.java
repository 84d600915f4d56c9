package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.absent;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a writer applies in the mirror worker's place, over a line that can be cut. */
class BoundedApplyTest {

    private static final Duration BOUND = Duration.ofMillis(300);

    private Fixture fixture;
    private TestProxy proxy;
    private PostgresStore store;
    private BoundedApply bounded;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
        fixture.follow(fixture.documents);
        fixture.follow(fixture.columns);
        DatabaseUrl url = DatabaseUrl.parse(fixture.database.url());
        String[] host = url.hosts().get(0).split(":");
        proxy = new TestProxy(host[0], Integer.parseInt(host[1]));
        String through = fixture.database.url().replace(url.hosts().get(0), "127.0.0.1:" + proxy.port());
        store = PostgresStore.open(
                PostgresSettings.of(DatabaseUrl.parse(through)).answerTimeout(Duration.ofMinutes(10)),
                fixture.schemas());
        store.prepare();
        bounded = Objects.requireNonNull(store.mirrorTarget().within(BOUND));
    }

    @AfterEach
    void close() {
        bounded.close();
        store.close();
        proxy.close();
        fixture.close();
    }

    private boolean apply(MirrorChange... changes) {
        return bounded.apply(fences(fixture.documents, fixture.columns), List.of(changes), Map.of());
    }

    private void applyReady(MirrorChange... changes) {
        await().until(() -> {
            bounded.makeReady();
            return apply(changes);
        });
    }

    private List<String> stored(CollectionSchema<?, ?> schema) {
        return fixture.store.list(schema, Query.all()).stream()
                .map(record -> record.id() + "@" + record.version())
                .toList();
    }

    @Test
    void nothing_is_opened_by_a_caller_who_may_not_wait() {
        assertThat(apply(present(fixture.documents, 1, 1, "a"))).isFalse();
        assertThat(stored(fixture.documents)).isEmpty();

        applyReady(present(fixture.documents, 1, 1, "a"));
        assertThat(apply(present(fixture.columns, 1, 2, "a"))).isTrue();
        assertThat(apply(absent(fixture.documents, 1, 3))).isTrue();
        assertThat(stored(fixture.documents)).isEmpty();
        assertThat(stored(fixture.columns)).containsExactly("1@2");
    }

    @Test
    @Timeout(60)
    void an_answer_that_does_not_come_is_given_up_and_what_comes_late_changes_nothing() throws SQLException {
        applyReady(present(fixture.documents, 1, 1, "a"));
        String backend = fixture.ask("SELECT pid FROM pg_stat_activity WHERE query LIKE 'WITH open%'");
        proxy.hang();
        assertThatThrownBy(() -> apply(present(fixture.documents, 1, 2, "late")))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("no answer in time");
        try (PostgresStore later =
                PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(fixture.database.url())), fixture.schemas())) {
            later.prepare();
            later.mirrorTarget()
                    .apply(fences(fixture.documents), List.of(present(fixture.documents, 1, 3, "later")), Map.of());
            proxy.goOn();
            await().until(() -> fixture.ask("SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend)
                    .equals("0"));
            later.mirrorTarget()
                    .apply(fences(fixture.documents), List.of(present(fixture.documents, 2, 4, "b")), Map.of());
        }
        assertThat(stored(fixture.documents)).containsExactly("1@3", "2@4");
    }

    @Test
    void what_takes_more_than_a_short_statement_is_for_others() {
        applyReady(present(fixture.columns, 3, 1, "a"));
        assertThat(apply(present(fixture.documents, 1, 1, "a"), present(fixture.columns, 1, 2, "a")))
                .as("a transaction")
                .isFalse();
        assertThat(apply(present(fixture.documents, 1, 1, "a".repeat(20_000))))
                .as("a long text")
                .isFalse();
        MirrorChange[] many = LongStream.range(0, 101)
                .mapToObj(id -> absent(fixture.documents, id, id + 1))
                .toArray(MirrorChange[]::new);
        assertThat(apply(many)).isFalse();
        MirrorChange[] longIds = LongStream.range(0, 100)
                .mapToObj(id -> absent(fixture.documents, Long.MAX_VALUE - id, id + 1))
                .toArray(MirrorChange[]::new);
        assertThat(apply(longIds)).as("long ids").isFalse();
        assertThat(stored(fixture.documents)).isEmpty();
        assertThat(stored(fixture.columns)).containsExactly("3@1");
        assertThat(apply(present(fixture.documents, 1, 1, "a".repeat(10_000)), present(fixture.documents, 2, 2, "b")))
                .isTrue();
    }

    @Test
    void a_refusal_and_a_fence_are_told_and_do_not_end_the_connection() throws SQLException {
        fixture.sql("ALTER TABLE columns ADD CONSTRAINT small CHECK (id < 5)");
        applyReady(present(fixture.columns, 2, 1, "a"));
        assertThatThrownBy(() -> apply(present(fixture.columns, 7, 1, "a"))).isInstanceOf(RecordRefusedException.class);
        fixture.change(fixture.documents, entry -> entry.with(State.SEALED, 1));
        assertThatThrownBy(() -> apply(present(fixture.documents, 1, 2, "a"))).isInstanceOf(FencedException.class);
        assertThat(apply(present(fixture.columns, 1, 3, "a"))).isTrue();
        assertThat(stored(fixture.columns)).containsExactly("2@1", "1@3");
        assertThat(stored(fixture.documents)).isEmpty();
    }

    @Test
    @Timeout(60)
    void a_statement_that_waits_for_a_lock_ends_in_time() throws SQLException {
        applyReady(present(fixture.documents, 1, 1, "a"));
        try (Connection other = fixture.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE documents IN EXCLUSIVE MODE");
            assertThatThrownBy(() -> apply(present(fixture.documents, 1, 2, "b")))
                    .isInstanceOf(UnknownOutcomeException.class);
            other.rollback();
        }
    }

    @Test
    void connections_of_the_hosts_are_not_kept() {
        DataSource given = DatabaseUrl.parse(fixture.database.url()).dataSource();
        try (PostgresStore lent = PostgresStore.open(PostgresSettings.of(given), fixture.schemas())) {
            assertThat(lent.mirrorTarget().within(BOUND)).isNull();
        }
    }
}
