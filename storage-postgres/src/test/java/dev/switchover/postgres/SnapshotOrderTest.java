package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.bytes;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an export reads: all records in the collection's order, as the server sends them. */
class SnapshotOrderTest {

    record Thing(UUID id, String text) {}

    private final CollectionSchema<Fixture.Item, Long> existing =
            Fixture.items("materials", TableLayout.columns().existingTable("materials"));
    private final CollectionSchema<Thing, UUID> things =
            CollectionSchema.of(CollectionDefinition.of("things", Thing.class, UUID.class)
                    .json(JsonLayout.array())
                    .build());

    private Fixture fixture;
    private PostgresStore store;

    @BeforeEach
    void open() throws Exception {
        fixture = Fixture.create();
        fixture.sql(
                "CREATE TABLE materials (id bigint PRIMARY KEY, name text, amount numeric, paid boolean, day date, at"
                        + " timestamptz, rate double precision, tags json)");
        store = PostgresStore.open(
                fixture.settings().bulkTimeout(Duration.ofSeconds(1)).poolSize(2),
                List.of(fixture.documents, fixture.columns, fixture.notes, things, existing));
        store.prepare();
        List.of(fixture.documents, fixture.columns, fixture.notes, things, existing)
                .forEach(fixture::follow);
    }

    @AfterEach
    void close() {
        store.close();
        fixture.close();
    }

    private void put(CollectionSchema<?, ?> schema, String id, long version, long order, String body) {
        RawRecord record = new RawRecord(new RecordId(id), version, order, bytes(body));
        store.mirrorTarget()
                .apply(fences(schema), List.of(new MirrorChange(schema, record.id(), version, record)), Map.of());
    }

    private static List<String> all(RecordCursor cursor) {
        List<String> found = new ArrayList<>();
        try (cursor) {
            while (cursor.hasNext()) {
                RawRecord record = cursor.next();
                found.add(record.id().text() + "@" + record.version() + "/" + record.order() + " " + text(record));
            }
        }
        return found;
    }

    private List<String> inOrder(CollectionSchema<?, ?> schema) {
        try (RecordSnapshot snapshot = store.snapshot(List.of(schema))) {
            return all(snapshot.inOrder(schema));
        }
    }

    @Test
    void every_layout_gives_what_a_query_of_everything_gives() throws Exception {
        String full = ",\"name\":\"a\\\\ \\t \\\"ü🎈\",\"amount\":1.50,\"paid\":true,\"day\":\"2024-02-29\",\"at\":"
                + "\"2024-02-29T12:00:00.123456Z\",\"rate\":0.1,\"tags\":[\"x\", \"y\"]}";
        for (CollectionSchema<?, ?> schema : List.of(fixture.documents, fixture.columns, existing)) {
            put(schema, "3", 30, 2, "{\"id\":3" + full);
            put(schema, "-7", 31, 1, text(Fixture.item(-7, "below")));
            put(schema, "12", 32, 3, "{\"id\":12" + full);
        }
        put(fixture.notes, "b", 5, 9, "{\"id\":\"b\",\"text\":\"\\\\N\"}");
        put(fixture.notes, "a\u2028\"", 6, 10, "{\"id\":\"a\u2028\\\"\",\"text\":\"\"}");
        put(
                things,
                "00000000-0000-0000-0000-0000000000ff",
                1,
                1,
                "{\"id\":\"00000000-0000-0000-0000-0000000000ff\",\"text\":\"\"}");
        fixture.sql("INSERT INTO materials (id, name) VALUES (5, 'of another writer')");
        for (CollectionSchema<?, ?> schema : store.schemas()) {
            assertThat(inOrder(schema))
                    .as(schema.name())
                    .isNotEmpty()
                    .isEqualTo(all(store.stream(schema, Query.all())));
        }
        assertThat(inOrder(existing)).hasSize(4);
        assertThat(inOrder(fixture.documents)).first().asString().startsWith("-7@31/1 ");
    }

    @Test
    void nothing_is_no_row() {
        assertThat(inOrder(fixture.documents)).isEmpty();
    }

    @Test
    void a_row_that_is_no_record_is_named_and_those_behind_it_follow() throws Exception {
        for (int id = 1; id <= 3; id++) {
            put(fixture.columns, Integer.toString(id), id, id, text(Fixture.item(id, "n")));
        }
        fixture.sql("UPDATE columns SET rate = 'NaN' WHERE id = 2");
        try (RecordSnapshot snapshot = store.snapshot(List.of(fixture.columns));
                RecordCursor cursor = snapshot.inOrder(fixture.columns)) {
            assertThat(cursor.next().id().text()).isEqualTo("1");
            assertThatThrownBy(cursor::next)
                    .isInstanceOfSatisfying(
                            InvalidRecordException.class,
                            e -> assertThat(e.id()).isEqualTo("2"));
            assertThat(cursor.next().id().text()).isEqualTo("3");
            assertThat(cursor.hasNext()).isFalse();
        }
    }

    /** Twenty MB, more than the way from the server to here holds. */
    private void fillFarBeyondWhatIsUnderWay() {
        List<MirrorChange> changes = new ArrayList<>();
        String name = "x".repeat(100_000);
        for (long id = 1; id <= 200; id++) {
            changes.add(Fixture.present(fixture.documents, id, id, name));
        }
        store.mirrorTarget().apply(fences(fixture.documents), changes, Map.of());
    }

    @Test
    void whoever_reads_slowly_is_waited_for_longer_than_a_statement_may_take() throws Exception {
        fillFarBeyondWhatIsUnderWay();
        try (RecordSnapshot snapshot = store.snapshot(List.of(fixture.documents))) {
            try (RecordCursor cursor = snapshot.inOrder(fixture.documents)) {
                cursor.next();
                String sending = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%'"
                        + " AND clock_timestamp() - query_start > interval '1500 ms'";
                await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(fixture.ask(sending)));
                assertThat(all(cursor)).hasSize(199);
            }
            assertThat(snapshot.count(fixture.documents)).isEqualTo(200);
        }
    }

    @Test
    void a_server_that_says_nothing_any_more_is_given_up() throws Exception {
        fillFarBeyondWhatIsUnderWay();
        DatabaseUrl url = DatabaseUrl.parse(fixture.database.url());
        String[] host = url.hosts().get(0).split(":");
        try (TestProxy proxy = new TestProxy(host[0], Integer.parseInt(host[1]))) {
            String through = fixture.database.url().replace(url.hosts().get(0), "127.0.0.1:" + proxy.port());
            PostgresSettings settings =
                    PostgresSettings.of(DatabaseUrl.parse(through)).bulkTimeout(Duration.ofSeconds(1));
            try (PostgresStore far = PostgresStore.open(settings, store.schemas())) {
                far.prepare();
                try (RecordSnapshot snapshot = far.snapshot(List.of(fixture.documents));
                        RecordCursor cursor = snapshot.inOrder(fixture.documents)) {
                    cursor.next();
                    proxy.hang();
                    assertThatThrownBy(() -> all(cursor))
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessageContaining("documents");
                } finally {
                    proxy.goOn();
                }
            }
        }
    }

    @Test
    void what_is_not_read_to_its_end_keeps_no_connection() throws Exception {
        fillFarBeyondWhatIsUnderWay();
        for (int i = 0; i < 3; i++) {
            try (RecordSnapshot snapshot = store.snapshot(List.of(fixture.documents))) {
                try (RecordCursor cursor = snapshot.inOrder(fixture.documents)) {
                    cursor.next();
                }
                assertThat(snapshot.count(fixture.documents)).isEqualTo(200);
            }
        }
    }

    @Test
    void a_far_end_is_not_sought() throws Exception {
        fixture.sql("INSERT INTO documents (id, body, switchover_version, switchover_order) SELECT i, '{}', i, i FROM"
                + " generate_series(1, 250000) i");
        for (int i = 0; i < 3; i++) {
            try (RecordSnapshot snapshot = store.snapshot(List.of(fixture.documents))) {
                try (RecordCursor cursor = snapshot.inOrder(fixture.documents)) {
                    assertThat(cursor.next().version()).isEqualTo(1);
                }
                assertThatThrownBy(() -> snapshot.count(fixture.documents))
                        .isInstanceOf(StoreUnavailableException.class);
            }
        }
        assertThat(store.count(fixture.documents, Query.all())).isEqualTo(250_000);
    }
}
