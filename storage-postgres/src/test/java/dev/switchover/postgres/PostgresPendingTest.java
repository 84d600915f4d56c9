package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.fence;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresPendingTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.ON);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<PendingRecord> take() {
        return fixture.store
                .pending()
                .take(List.of(fixture.documents), 100, 1_000_000)
                .records();
    }

    private void acknowledge(PendingMark... marks) {
        fixture.store.pending().acknowledge(fences(fixture.documents), List.of(marks));
    }

    @Test
    void ten_edits_are_one_mark_with_the_version_of_the_last() {
        long version = 0;
        for (int i = 0; i < 10; i++) {
            version = fixture.write(put(fixture.documents, 1, "n" + i)).version();
        }
        assertThat(take())
                .singleElement()
                .extracting(pending -> pending.mark().version())
                .isEqualTo(version);
    }

    @Test
    void a_batch_gives_what_is_pending_already_the_version_of_its_write() {
        fixture.write(put(fixture.documents, 1, "a"));
        PendingMark older = take().get(0).mark();
        List<Written> batch =
                fixture.store.write(List.of(put(fixture.documents, 1, "b"), put(fixture.documents, 2, "b")));

        acknowledge(older);
        assertThat(take())
                .extracting(pending -> pending.mark().version())
                .containsExactlyInAnyOrder(batch.get(0).version(), batch.get(1).version());
    }

    @Test
    void acknowledging_an_older_version_leaves_the_mark() {
        fixture.write(put(fixture.documents, 1, "a"));
        PendingMark older = take().get(0).mark();
        fixture.write(put(fixture.documents, 1, "b"));

        acknowledge(older);
        assertThat(take()).hasSize(1);
        acknowledge(take().get(0).mark());
        assertThat(take()).isEmpty();
    }

    @Test
    void what_is_acknowledged_is_remembered_of_the_mirror_once_a_position_was_noted() {
        fixture.write(put(fixture.documents, 1, "a"));
        acknowledge(take().get(0).mark());
        assertThat(seenVersion()).as("nothing was noted").isZero();

        fixture.store.ledger().noteSeen(fixture.documents, fence(), new Position("there", 1, "t", Instant.EPOCH));
        long version = fixture.write(put(fixture.documents, 2, "b")).version();
        PendingMark mark = take().get(0).mark();
        acknowledge(mark);
        assertThat(seenVersion()).isEqualTo(version);

        acknowledge(mark);
        acknowledge(new PendingMark(fixture.documents, new RecordId("9"), version + 7, 0, Instant.EPOCH));
        assertThat(seenVersion()).as("no mark was removed").isEqualTo(version);
    }

    private long seenVersion() {
        return fixture.store
                .ledger()
                .read(fixture.documents)
                .orElseThrow()
                .seen()
                .version();
    }

    @Test
    void a_mark_tells_of_a_deletion_by_an_absent_record() {
        fixture.write(put(fixture.documents, 1, "a"));
        long deleted = fixture.write(delete(fixture.documents, 1)).version();

        PendingRecord pending = take().get(0);
        assertThat(pending.present()).isNull();
        assertThat(pending.mark().version()).isEqualTo(deleted);
    }

    @Test
    void a_comparison_marks_with_fresh_versions_whether_records_exist_or_not() {
        long written = fixture.write(put(fixture.documents, 1, "a")).version();
        acknowledge(take().get(0).mark());
        List<RecordId> ids = IntStream.rangeClosed(1, 600)
                .mapToObj(id -> new RecordId(Integer.toString(id)))
                .toList();

        fixture.store.pending().mark(fixture.documents, fence(), ids);

        List<PendingRecord> marked = fixture.store
                .pending()
                .take(List.of(fixture.documents), 1_000, 1_000_000)
                .records();
        assertThat(marked).hasSize(600);
        assertThat(marked).allMatch(pending -> pending.mark().version() > written);
        PendingMark before = marked.get(0).mark();
        fixture.store.pending().mark(fixture.documents, fence(), List.of(before.id()));
        acknowledge(before);
        assertThat(fixture.store.pending().among(fixture.documents, List.of(before.id())))
                .containsExactly(before.id());
    }

    @Test
    void a_worker_of_another_epoch_or_term_changes_nothing() {
        fixture.write(put(fixture.documents, 1, "a"));
        PendingMark mark = take().get(0).mark();
        for (Fence wrong : List.of(new Fence(2, 0), new Fence(1, 9))) {
            assertThatThrownBy(
                            () -> fixture.store.pending().acknowledge(Map.of(fixture.documents, wrong), List.of(mark)))
                    .isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> fixture.store.pending().mark(fixture.documents, wrong, List.of(mark.id())))
                    .isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> fixture.store.pending().park(wrong, mark, "no"))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(take()).extracting(PendingRecord::mark).containsExactly(mark);
    }

    @Test
    void a_mark_that_commits_behind_later_ones_is_found() throws SQLException {
        long early = Long.parseLong(String.valueOf(fixture.ask("SELECT nextval('switchover_version_documents')")));
        try (Connection slow = fixture.database.connect();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO switchover_pending VALUES ('documents', '7', " + early + ", 0, now(), NULL)");
            assertThat(fixture.write(put(fixture.documents, 1, "later")).version())
                    .isGreaterThan(early);
            acknowledge(take().get(0).mark());
            assertThat(take()).isEmpty();
            slow.commit();
        }
        assertThat(take())
                .singleElement()
                .satisfies(pending -> assertThat(pending.mark().id().text()).isEqualTo("7"));
    }

    @Test
    void what_is_parked_waits_for_a_change_a_retry_or_its_end() {
        fixture.write(put(fixture.documents, 1, "a"));
        fixture.write(put(fixture.documents, 2, "b"));
        fixture.write(put(fixture.documents, 3, "c"));
        for (PendingRecord pending : take()) {
            fixture.store.pending().park(fence(), pending.mark(), "does not fit");
        }
        assertThat(take()).isEmpty();
        assertThat(fixture.store.pending().parked(fixture.documents))
                .extracting(parked -> parked.mark().id() + " " + parked.reason())
                .containsExactly("1 does not fit", "2 does not fit", "3 does not fit");
        var summary = fixture.store.pending().summary(fixture.documents);
        assertThat(summary.count()).isZero();
        assertThat(summary.parked()).isEqualTo(3);

        fixture.write(put(fixture.documents, 1, "a2"));
        assertThat(fixture.store.pending().retry(fixture.documents, List.of(new RecordId("2"), new RecordId("9"))))
                .isOne();
        assertThat(fixture.store.pending().discard(fixture.documents, List.of(new RecordId("3"), new RecordId("1"))))
                .isOne();
        assertThat(take()).extracting(pending -> pending.mark().id().text()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void a_taking_stops_at_about_the_bounds_oldest_first() {
        for (int id = 9; id > 0; id--) {
            fixture.write(put(fixture.documents, id, "n".repeat(1_000)));
        }
        assertThat(fixture.store
                        .pending()
                        .take(List.of(fixture.documents), 3, 1_000_000)
                        .records())
                .extracting(pending -> pending.mark().id().text())
                .containsExactly("9", "8", "7");
        assertThat(fixture.store
                        .pending()
                        .take(List.of(fixture.documents), 100, 1)
                        .records())
                .hasSize(1);
        assertThat(fixture.store.pending().summary(fixture.documents).oldest()).isNotNull();
    }

    private record Scans(long sequential, long byIndex) {}

    private Scans scans() throws SQLException {
        try (Connection connection = fixture.database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables"
                        + " WHERE relname = 'switchover_pending'")) {
            row.next();
            return new Scans(row.getLong(1), row.getLong(2));
        }
    }

    private void write_and_acknowledge(int id) {
        Written written = fixture.write(put(fixture.documents, id, "n"));
        acknowledge(new PendingMark(fixture.documents, written.id(), written.version(), 0, Instant.EPOCH));
    }

    /** The table grows and shrinks faster than the server notices; a plan kept from when it was short would read all of it. */
    @Test
    void acknowledging_looks_marks_up_however_long_the_table_has_become() throws SQLException {
        write_and_acknowledge(1);
        fixture.sql("ALTER TABLE switchover_pending SET (autovacuum_enabled = false)");
        fixture.sql("VACUUM switchover_pending");
        for (int i = 0; i < 20; i++) {
            write_and_acknowledge(i);
        }
        fixture.sql("INSERT INTO switchover_pending SELECT 'columns', i::text, i, 0, now(), NULL"
                + " FROM generate_series(1, 20000) i");
        Scans before = scans();
        AtomicInteger more = new AtomicInteger();
        await().untilAsserted(() -> {
            for (int i = 0; i < 100; i++) {
                write_and_acknowledge(more.incrementAndGet());
            }
            // What a connection has counted is told with a delay, all of it at once.
            assertThat(scans().byIndex()).isGreaterThan(before.byIndex() + 100);
        });
        // Some of those before, when the table was short, are told only now.
        assertThat(scans().sequential() - before.sequential()).isLessThan(100);
    }
}
