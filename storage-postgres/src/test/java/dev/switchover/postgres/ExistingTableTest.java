package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.item;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of somebody else's, with columns, rows, keys and writers of its own. */
class ExistingTableTest {

    private static final String MATERIALS =
            "CREATE SCHEMA legacy; CREATE TABLE legacy.materials (id bigint PRIMARY KEY, name"
                    + " text, amount numeric, paid boolean, day date, at timestamptz, rate double precision, tags json, shelf text NOT"
                    + " NULL DEFAULT 'unsorted', touched bigint NOT NULL DEFAULT 0)";

    private final CollectionSchema<Fixture.Item, Long> materials =
            Fixture.items("materials", TableLayout.columns().existingTable("legacy.materials"));

    private TestDatabase database;
    private PostgresStore store;

    @BeforeEach
    void create() throws SQLException {
        database = TestDatabase.create();
        sql(MATERIALS);
        store = open(materials);
    }

    @AfterEach
    void drop() {
        store.close();
        database.close();
    }

    private PostgresStore open(CollectionSchema<?, ?> schema) {
        return PostgresStore.open(
                PostgresSettings.of(DatabaseUrl.parse(database.url())).poolSize(6), List.of(schema));
    }

    private void serve(Mirroring mirroring) {
        store.prepare();
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(mirroring);
        assertThat(store.ledger().compareAndSet(materials, null, entry, "test")).isTrue();
        store.serve(materials, 1);
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private Written write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    private RawRecord find(long id) {
        return store.find(materials, new RecordId(Long.toString(id))).orElse(null);
    }

    private List<String> ids() {
        return store.list(materials, Query.all()).stream()
                .map(record -> record.id().text())
                .toList();
    }

    @Test
    void their_columns_stay_as_they_are_and_ours_lie_beside_them() throws SQLException {
        serve(Mirroring.ON);
        write(put(materials, 7, "a"));
        sql("UPDATE legacy.materials SET shelf = 'top'");

        Written again = write(put(materials, 7, "b"));
        write(put(materials, 7, "c", new Expected.Version(again.version())));
        store.write(List.of(put(materials, 7, "d"), put(materials, 8, "e")));

        assertThat(ask("SELECT string_agg(id || name || shelf, ' ' ORDER BY id) FROM legacy.materials"))
                .isEqualTo("7dtop 8eunsorted");
        assertThat(ask("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'legacy'"))
                .isEqualTo("10");
        assertThat(ids()).containsExactly("7", "8");
        write(delete(materials, 7));
        store.write(List.of(delete(materials, 8), put(materials, 9, "f")));
        assertThat(ask("SELECT string_agg(id::text, ' ') FROM switchover_side_materials"))
                .isEqualTo("9");
    }

    @Test
    void properties_without_a_column_survive_in_the_table_beside() {
        serve(Mirroring.OFF);
        byte[] body = Fixture.bytes("{\"id\":1,\"name\":\"a\",\"amount\":1.10,\"paid\":null,\"day\":null,\"at\":null,"
                + "\"rate\":null,\"tags\":null,\"colour\":{\"rgb\":[1e2,-0.0]}}");
        RecordId id = new RecordId("1");

        write(new Write.Put(materials, id, body, Expected.ANY));

        assertThat(Fixture.text(find(1))).isEqualTo(Fixture.text(body));
    }

    @Test
    void rows_of_others_are_read_in_a_place_and_under_a_version_before_they_are_taken_in() throws SQLException {
        serve(Mirroring.OFF);
        write(put(materials, 50, "ours"));
        sql("INSERT INTO legacy.materials (id, name) VALUES (9, 'i'), (3, 'c'), (-4, 'm')");

        assertThat(ids()).startsWith("50").containsExactlyInAnyOrder("50", "3", "9", "-4");
        assertThat(ids()).isEqualTo(ids());
        assertThat(find(3).version()).isPositive();
        assertThat(store.list(materials, Query.all()).stream().map(RawRecord::order))
                .doesNotHaveDuplicates();
        assertThat(store.count(materials, Query.all())).isEqualTo(4);
    }

    @Test
    void a_row_without_an_id_is_no_record() throws SQLException {
        sql(
                "ALTER TABLE legacy.materials DROP CONSTRAINT materials_pkey; ALTER TABLE legacy.materials ALTER id DROP NOT NULL;"
                        + " CREATE UNIQUE INDEX ON legacy.materials (id)");
        serve(Mirroring.OFF);
        sql("INSERT INTO legacy.materials (id, name) VALUES (9, 'i'), (NULL, 'nobody'), (-4, 'm')");
        assertThat(scanned(store.scan(materials))).containsExactly("-4", "9");
        assertThat(scanned(store.scanVersions(materials))).containsExactlyInAnyOrder("-4", "9");
    }

    private static List<String> scanned(RecordCursor cursor) {
        List<String> ids = new ArrayList<>();
        try (cursor) {
            cursor.forEachRemaining(record -> ids.add(record.id().text()));
        }
        return ids;
    }

    @Test
    void pages_go_on_behind_a_row_of_others() throws SQLException {
        serve(Mirroring.OFF);
        write(put(materials, 50, "ours"));
        sql("INSERT INTO legacy.materials (id, name) VALUES (9, 'i'), (3, 'c'), (-4, 'm')");
        List<String> paged = new ArrayList<>();
        Query page = Query.all().limit(1);

        for (int i = 0; i < 4; i++) {
            RawRecord last = store.list(materials, page).get(0);
            paged.add(last.id().text());
            page = page.after(PageKeys.of(materials, page, last));
        }

        assertThat(store.list(materials, page)).isEmpty();
        assertThat(paged).isEqualTo(ids());
    }

    @Test
    void a_start_takes_in_the_rows_of_others_and_marks_them() throws SQLException {
        sql("INSERT INTO legacy.materials (id, name) VALUES (9, 'i'), (3, 'c')");
        serve(Mirroring.ON);
        assertThat(ids()).containsExactly("3", "9");
        assertThat(store.pending().take(List.of(materials), 10, 1_000_000).records())
                .isEmpty();
        sql("INSERT INTO legacy.materials (id, name) VALUES (1, 'a')");

        store.prepare();

        assertThat(ids()).containsExactly("3", "9", "1");
        assertThat(store.pending().take(List.of(materials), 10, 1_000_000).records())
                .singleElement()
                .satisfies(pending -> {
                    assertThat(pending.mark().id().text()).isEqualTo("1");
                    assertThat(pending.mark().version()).isEqualTo(find(1).version());
                });
        long version = find(1).version();
        store.prepare();
        assertThat(find(1).version()).isEqualTo(version);
    }

    @Test
    void a_row_of_others_is_saved_and_deleted_under_the_version_it_was_read_with() throws SQLException {
        serve(Mirroring.ON);
        sql("INSERT INTO legacy.materials (id, name) SELECT i, 'theirs' FROM generate_series(1, 5) i");
        long version = find(1).version();

        Written saved = write(put(materials, 1, "b", new Expected.Version(version)));
        assertThat(saved.effect()).isEqualTo(Effect.UPDATED);
        assertThatThrownBy(() -> write(put(materials, 1, "c", new Expected.Version(version))))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> write(put(materials, 2, "c", new Expected.Version(version + 17))))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> write(put(materials, 2, "c", Expected.ABSENT)))
                .isInstanceOf(RecordExistsException.class);
        write(new Write.Delete(materials, new RecordId("2"), new Expected.Version(version)));
        store.write(List.of(
                put(materials, 3, "c", new Expected.Version(version)),
                new Write.Delete(materials, new RecordId("4"), new Expected.Version(version)),
                new Write.Check(materials, new RecordId("5"), new Expected.Version(version))));

        assertThat(ask("SELECT string_agg(id || name, ' ' ORDER BY id) FROM legacy.materials"))
                .isEqualTo("1b 3c 5theirs");
    }

    @Test
    void a_row_that_others_changed_is_not_overwritten_under_the_version_it_had() throws SQLException {
        serve(Mirroring.ON);
        for (long id = 1; id <= 6; id++) {
            write(put(materials, id, "ours"));
        }
        List<Long> before = new ArrayList<>();
        for (long id = 1; id <= 6; id++) {
            before.add(find(id).version());
        }
        sql("UPDATE legacy.materials SET amount = 1.10");
        for (List<Write> stale : List.<List<Write>>of(
                List.of(put(materials, 1, "x", new Expected.Version(before.get(0)))),
                List.of(new Write.Delete(materials, new RecordId("2"), new Expected.Version(before.get(1)))),
                List.of(put(materials, 3, "x", new Expected.Version(before.get(2))), put(materials, 50, "x")),
                List.of(
                        new Write.Delete(materials, new RecordId("4"), new Expected.Version(before.get(3))),
                        put(materials, 50, "x")),
                List.of(
                        new Write.Check(materials, new RecordId("5"), new Expected.Version(before.get(4))),
                        put(materials, 50, "x")))) {
            VersionConflictException conflict =
                    catchThrowableOfType(VersionConflictException.class, () -> store.write(stale));
            assertThat(conflict).as("%s", stale).isNotNull();
            assertThat(conflict.actual()).isGreaterThan(conflict.expected());
        }
        assertThat(ask("SELECT string_agg(id || name || amount, ' ' ORDER BY id) FROM legacy.materials"))
                .isEqualTo("1ours1.10 2ours1.10 3ours1.10 4ours1.10 5ours1.10 6ours1.10");

        for (long id = 3; id <= 5; id++) {
            assertThat(find(id).version()).as("record %s", id).isGreaterThan(before.get((int) id - 1));
        }
        long version = find(1).version();
        assertThat(version).isGreaterThan(before.get(0));
        sql("UPDATE legacy.materials SET touched = 1");
        write(put(materials, 1, "y", new Expected.Version(version)));
        write(put(materials, 2, "any"));
        assertThat(find(6).version()).isEqualTo(before.get(5));
    }

    @Test
    void what_others_changed_gets_a_new_version_and_a_mark_at_the_next_start() throws SQLException {
        serve(Mirroring.ON);
        List<Written> written = List.of(
                write(put(materials, 1, "ours")),
                write(insert(materials, "made")),
                store.write(List.of(put(materials, 3, "batch"), put(materials, 4, "batch")))
                        .get(1),
                write(put(materials, 4, "again", Expected.ANY)));
        store.pending()
                .acknowledge(
                        Map.of(materials, new dev.switchover.storage.spi.Fence(1, 0)),
                        store.pending().take(List.of(materials), 10, 1_000_000).records().stream()
                                .map(pending -> pending.mark())
                                .toList());
        String versions = "SELECT string_agg(id || ' ' || switchover_version, ', ' ORDER BY id) FROM"
                + " switchover_side_materials";
        String before = ask(versions);
        store.prepare();
        TimeZone here = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
        try (PostgresStore elsewhere = open(materials)) {
            elsewhere.prepare();
        } finally {
            TimeZone.setDefault(here);
        }
        assertThat(ask(versions)).isEqualTo(before);
        assertThat(written).hasSize(4);

        sql("UPDATE legacy.materials SET day = '2026-01-31' WHERE id = 4");
        store.prepare();
        assertThat(find(4).version()).isGreaterThan(written.get(3).version());
        assertThat(find(1).version()).isEqualTo(written.get(0).version());
        assertThat(store.pending().take(List.of(materials), 10, 1_000_000).records())
                .singleElement()
                .satisfies(pending -> assertThat(pending.mark().id().text()).isEqualTo("4"));
        assertThat(ids()).endsWith("4");
    }

    @Test
    void of_several_who_save_a_row_of_others_under_one_version_one_wins() throws Exception {
        serve(Mirroring.ON);
        sql("INSERT INTO legacy.materials (id, name) SELECT i, 'theirs' FROM generate_series(1, 20) i");
        AtomicInteger won = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                futures.add(threads.submit(() -> {
                    for (int id = 1; id <= 20; id++) {
                        start.await();
                        try {
                            Write save = put(materials, id, "n" + thread, new Expected.Version(FoundRows.VERSION));
                            store.write(thread % 2 == 0 ? List.of(save) : List.of(save, put(materials, 100 + id, "x")));
                            won.incrementAndGet();
                        } catch (VersionConflictException e) {
                            assertThat(e.actual()).isGreaterThan(e.expected());
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(won).hasValue(20);
    }

    @Test
    void a_delete_their_foreign_key_forbids_is_refused_and_names_it() throws SQLException {
        serve(Mirroring.ON);
        sql("CREATE TABLE legacy.stock (id bigint CONSTRAINT stock_of_material REFERENCES legacy.materials)");
        write(put(materials, 1, "a"));
        write(put(materials, 2, "b"));
        sql("INSERT INTO legacy.stock VALUES (1)");

        assertThatThrownBy(() -> write(delete(materials, 1)))
                .isInstanceOf(RecordRefusedException.class)
                .hasMessageContaining("stock_of_material");
        assertThatThrownBy(() -> store.write(List.of(delete(materials, 2), delete(materials, 1))))
                .isInstanceOf(RecordRefusedException.class)
                .hasMessageContaining("stock_of_material");

        assertThat(ids()).containsExactly("1", "2");
        assertThat(ask("SELECT count(*) FROM switchover_side_materials")).isEqualTo("2");
    }

    @Test
    void a_mirror_applies_to_it_and_a_forbidden_delete_changes_nothing() throws SQLException {
        store.prepare();
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
        store.ledger().compareAndSet(materials, null, entry, "test");
        sql("CREATE TABLE legacy.stock (id bigint CONSTRAINT stock_of_material REFERENCES legacy.materials)");

        store.mirrorTarget()
                .load(
                        materials,
                        Fixture.fence(),
                        List.of(Fixture.present(materials, 1, 11, "a"), Fixture.present(materials, 2, 12, "b"))
                                .iterator());
        store.mirrorTarget()
                .apply(
                        Fixture.fences(materials),
                        List.of(Fixture.present(materials, 2, 13, "c"), Fixture.absent(materials, 5, 14)),
                        Map.of());
        sql("INSERT INTO legacy.stock VALUES (1)");
        assertThatThrownBy(() -> store.mirrorTarget()
                        .apply(
                                Fixture.fences(materials),
                                List.of(Fixture.absent(materials, 1, 15), Fixture.absent(materials, 2, 16)),
                                Map.of()))
                .isInstanceOf(RecordRefusedException.class);

        assertThat(store.list(materials, Query.all()))
                .extracting(record -> record.id() + "@" + record.version() + " " + Fixture.text(record))
                .containsExactly("1@11 " + Fixture.text(item(1, "a")), "2@13 " + Fixture.text(item(2, "c")));
    }

    @Test
    void ids_made_here_step_over_those_of_others() throws SQLException {
        sql("INSERT INTO legacy.materials (id) VALUES (4)");
        serve(Mirroring.OFF);
        sql("INSERT INTO legacy.materials (id) VALUES (5), (6)");

        assertThat(write(insert(materials, "made")).id().text()).isEqualTo("7");
    }

    @Test
    void what_does_not_fit_is_found_at_start_and_the_table_is_not_altered() throws SQLException {
        sql(
                "DROP TABLE legacy.materials; CREATE TABLE legacy.materials (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " name text NOT NULL, amount numeric(10,2), paid boolean, day date, at timestamptz, rate double"
                        + " precision GENERATED ALWAYS AS (1.0) STORED, owner int NOT NULL)");

        StartRefusedException refusal = catchThrowableOfType(StartRefusedException.class, () -> store.prepare());

        assertThat(refusal.code()).isEqualTo("SCHEMA-MISMATCH");
        for (List<String> words : List.of(
                List.of("\"id\"", "SET GENERATED BY DEFAULT"),
                List.of("\"name\"", "NOT NULL", "required"),
                List.of("\"amount\"", "ALTER COLUMN \"amount\" TYPE numeric"),
                List.of("\"rate\"", "generated always"),
                List.of("\"tags\"", "ADD COLUMN \"tags\" json"),
                List.of("\"owner\"", "NOT NULL without a default"))) {
            assertThat(refusal.facts())
                    .as("%s", words)
                    .anyMatch(fact -> words.stream().allMatch(fact::contains));
        }
        assertThat(refusal.facts()).hasSize(6);
        assertThat(ask("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'legacy'"))
                .isEqualTo("8");
    }

    @Test
    void a_table_that_is_not_there_is_not_made() throws SQLException {
        sql("DROP TABLE legacy.materials");

        assertThatThrownBy(() -> store.prepare())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("\"legacy\".\"materials\" is missing");
        assertThat(ask("SELECT to_regclass('legacy.materials')")).isNull();
    }

    @Test
    void a_column_that_is_never_null_is_declared_and_null_refused_before_anything_is_written() throws SQLException {
        sql("ALTER TABLE legacy.materials ALTER name SET NOT NULL");
        assertThatThrownBy(() -> store.prepare())
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("required(");
        CollectionSchema<Fixture.Item, Long> required = Fixture.items(
                "materials",
                TableLayout.columns().existingTable("legacy.materials").required("name"));
        try (PostgresStore fitting = open(required)) {
            fitting.prepare();
        }
        assertThatThrownBy(() -> required.encode(new Fixture.Item(1L, null, null, null, null, null, null, null)))
                .hasMessageContaining("/name")
                .hasMessageContaining("must not be null");
    }

    @Test
    void text_ids_in_a_collation_of_theirs_find_their_rows_by_index() throws SQLException {
        sql("CREATE TABLE legacy.notes (id varchar COLLATE \"POSIX\" PRIMARY KEY, text text)");
        CollectionSchema<Fixture.Note, String> notes = CollectionSchema.of(
                dev.switchover.storage.CollectionDefinition.of("notes", Fixture.Note.class, String.class)
                        .table(TableLayout.columns().existingTable("legacy.notes"))
                        .build());
        try (PostgresStore other = open(notes)) {
            other.prepare();
            other.ledger().compareAndSet(notes, null, LedgerEntry.first(UUID.randomUUID(), Position.NONE), "test");
            other.serve(notes, 1);
            sql("INSERT INTO legacy.notes VALUES ('\uD83D\uDE00', 'x'), ('\uFF5E', 'y')");
            Function<String, Write> save = id -> new Write.Put(
                    notes, new RecordId(id), Fixture.bytes("{\"id\":\"" + id + "\",\"text\":\"z\"}"), Expected.ANY);
            other.write(List.of(save.apply("a")));
            other.write(List.of(save.apply("b"), save.apply("c")));
            other.prepare();
            assertThat(other.list(notes, Query.all()))
                    .extracting(record -> record.id().text())
                    .containsExactly("a", "b", "c", "\uFF5E", "\uD83D\uDE00");
        }
        String plan = explain(
                "SELECT f.id FROM legacy.notes f LEFT JOIN switchover_side_notes s ON s.id = f.id WHERE f.id = 'a'");
        assertThat(plan).doesNotContain("Seq Scan");
    }

    private String explain(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            try (ResultSet row = statement.executeQuery("EXPLAIN " + sql)) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }

    /** As {@code RaceTest} has it for tables of ours: the row beside must not break the order of versions. */
    @Test
    void versions_of_one_record_grow_in_the_order_of_its_writes() throws Exception {
        serve(Mirroring.ON);
        Collection<Written> done = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                futures.add(threads.submit(() -> {
                    for (int i = 0; i < 80; i++) {
                        Write write = ThreadLocalRandom.current().nextInt(3) == 0
                                ? delete(materials, 1)
                                : put(materials, 1, "n" + thread + "-" + i);
                        done.add(store.write(
                                        i % 10 == 0 ? List.of(write, put(materials, 10 + thread, "x")) : List.of(write))
                                .get(0));
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
        List<Written> history = done.stream()
                .filter(written -> written.effect() != Effect.NOTHING)
                .sorted(Comparator.comparingLong(Written::version))
                .toList();
        boolean there = false;
        for (Written written : history) {
            assertThat(written.effect() == Effect.CREATED).as("%s", written).isEqualTo(!there);
            there = written.effect() != Effect.DELETED;
        }
        assertThat(ask(
                        "SELECT count(*) FROM switchover_side_materials s FULL JOIN legacy.materials m ON m.id = s.id WHERE"
                                + " s.id IS NULL OR m.id IS NULL"))
                .isEqualTo("0");
    }
}
