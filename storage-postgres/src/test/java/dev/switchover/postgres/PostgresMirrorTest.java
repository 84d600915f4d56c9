package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.absent;
import static dev.switchover.postgres.Fixture.fence;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.item;
import static dev.switchover.postgres.Fixture.present;
import static dev.switchover.postgres.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresMirrorTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
        fixture.follow(fixture.documents);
        fixture.follow(fixture.columns);
        fixture.follow(fixture.notes);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private CollectionSchema<?, ?> schema(String layout) {
        return layout.equals("columns") ? fixture.columns : fixture.documents;
    }

    private void apply(MirrorChange... changes) {
        fixture.store
                .mirrorTarget()
                .apply(fences(fixture.documents, fixture.columns, fixture.notes), List.of(changes), Map.of());
    }

    private List<String> stored(CollectionSchema<?, ?> schema) {
        return fixture.store.list(schema, Query.all()).stream()
                .map(record -> record.id() + "@" + record.version())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void states_are_taken_over_as_they_are_and_twice_is_once(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        apply(present(schema, 1, 11, "a"), present(schema, 2, 10, "b"), present(schema, 3, 9, "c"));
        for (int i = 0; i < 2; i++) {
            apply(present(schema, 1, 12, "a2"), absent(schema, 3, 13), absent(schema, 99, 14));
        }

        assertThat(stored(schema)).containsExactly("2@10", "1@12");
        RawRecord one = fixture.store.find(schema, new RecordId("1")).orElseThrow();
        assertThat(text(one)).isEqualTo(text(item(1, "a2")));
        assertThat(one.order()).isEqualTo(12);
    }

    @Test
    void a_lower_version_replaces_a_higher_one_for_a_mirror_follows() {
        apply(present(fixture.documents, 1, 50, "wrong"));
        apply(present(fixture.documents, 1, 5, "right"));

        assertThat(stored(fixture.documents)).containsExactly("1@5");
    }

    @Test
    void several_collections_and_the_envelope_are_one_step() throws SQLException {
        byte[] envelope = Fixture.bytes("{\"notes\":[]}");
        MirrorChange head =
                new MirrorChange(fixture.notes, RecordId.ENVELOPE, 4, new RawRecord(RecordId.ENVELOPE, 4, 0, envelope));
        apply(present(fixture.documents, 1, 1, "a"), present(fixture.columns, 1, 2, "b"), head);
        assertThat(text(fixture.store.find(fixture.notes, RecordId.ENVELOPE).orElseThrow()))
                .isEqualTo("{\"notes\":[]}");

        fixture.sql("ALTER TABLE columns ADD CONSTRAINT small CHECK (id < 5)");
        assertThatThrownBy(() -> apply(present(fixture.documents, 7, 5, "a"), present(fixture.columns, 7, 6, "b")))
                .isInstanceOf(RecordRefusedException.class);
        assertThat(stored(fixture.documents)).containsExactly("1@1");
    }

    @Test
    void a_worker_of_another_epoch_or_term_applies_nothing() {
        for (Fence wrong : List.of(new Fence(2, 0), new Fence(1, 1))) {
            assertThatThrownBy(() -> fixture.store
                            .mirrorTarget()
                            .apply(
                                    Map.of(fixture.documents, wrong),
                                    List.of(present(fixture.documents, 1, 1, "a")),
                                    Map.of()))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("MIRROR");
            assertThatThrownBy(() -> fixture.store
                            .mirrorTarget()
                            .load(
                                    fixture.documents,
                                    wrong,
                                    List.of(present(fixture.documents, 1, 1, "a"))
                                            .iterator()))
                    .isInstanceOf(FencedException.class);
        }
        fixture.change(fixture.documents, entry -> entry.with(State.SEALED, 1));
        assertThatThrownBy(() -> apply(present(fixture.documents, 1, 1, "a"))).isInstanceOf(FencedException.class);
        assertThat(stored(fixture.documents)).isEmpty();
    }

    @Test
    void a_store_being_made_ready_takes_states_too() {
        fixture.change(fixture.documents, entry -> entry.with(State.RECEIVING, 1));
        apply(present(fixture.documents, 1, 1, "a"));
        assertThat(stored(fixture.documents)).containsExactly("1@1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void many_are_loaded_and_what_needs_escapes_comes_out_as_it_went_in(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        String difficult = "\\\\ \\n \\t \\\" é ₪ 😀 \\\\N '";
        List<MirrorChange> changes = new ArrayList<>();
        LongStream.rangeClosed(1, 25_000)
                .forEach(id -> changes.add(present(schema, id, id, id == 7 ? difficult : "n")));

        assertThat(fixture.store.mirrorTarget().load(schema, fence(), changes.iterator()))
                .isEqualTo(25_000);
        assertThat(fixture.store
                        .mirrorTarget()
                        .load(
                                schema,
                                fence(),
                                List.of(present(schema, 1, 30_000, "again"), absent(schema, 2, 30_001))
                                        .iterator()))
                .isEqualTo(2);

        assertThat(fixture.store.count(schema, Query.all())).isEqualTo(24_999);
        assertThat(text(fixture.store.find(schema, new RecordId("7")).orElseThrow()))
                .isEqualTo(text(item(7, difficult)));
        var entry = fixture.store.ledger().read(schema).orElseThrow();
        assertThat(entry.highestId()).isEqualTo(25_000);
        assertThat(entry.position().version()).isEqualTo(30_001);
        try (var cursor = fixture.store.scan(schema)) {
            long id = 0;
            while (cursor.hasNext()) {
                long next = Long.parseLong(cursor.next().id().text());
                assertThat(next).isGreaterThan(id);
                id = next;
            }
            assertThat(id).isEqualTo(25_000);
        }
    }

    private List<MirrorChange> many(
            CollectionSchema<?, ?> schema, long from, long to, long versionsAhead, String name) {
        List<MirrorChange> changes = new ArrayList<>();
        LongStream.rangeClosed(from, to).forEach(id -> changes.add(present(schema, id, id + versionsAhead, name)));
        return changes;
    }

    private void apply(CollectionSchema<?, ?> schema, List<MirrorChange> changes) {
        fixture.store.mirrorTarget().apply(fences(schema), changes, Map.of(schema, 70_000L));
    }

    private long written() throws SQLException {
        return Long.parseLong(fixture.ask("SELECT last_apply FROM switchover_ledger WHERE collection = 'documents'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void many_new_records_at_once_are_taken_over_as_few_are(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        String difficult = "\\\\ \\n \\t \\\" é ₪ 😀 \\\\N '";
        List<MirrorChange> changes = new ArrayList<>(many(schema, 1, 3_000, 10, "n"));
        changes.set(6, present(schema, 7, 17, difficult));
        changes.add(present(schema, 8, 4_000, "twice in one batch, and this is the later one"));

        apply(schema, changes);

        assertThat(fixture.store.count(schema, Query.all())).isEqualTo(3_000);
        RawRecord odd = fixture.store.find(schema, new RecordId("7")).orElseThrow();
        assertThat(text(odd)).isEqualTo(text(item(7, difficult)));
        assertThat(odd.version()).isEqualTo(17);
        assertThat(fixture.store.find(schema, new RecordId("8")).orElseThrow().version())
                .isEqualTo(4_000);
        var entry = fixture.store.ledger().read(schema).orElseThrow();
        assertThat(entry.highestId()).isEqualTo(70_000);
        assertThat(entry.position().version()).isEqualTo(4_000);
    }

    @Test
    void many_records_of_which_some_are_there_are_taken_over_too() {
        CollectionSchema<?, ?> schema = fixture.documents;
        apply(present(schema, 1_001, 1, "old")); // not among those that are looked for beforehand
        apply(schema, many(schema, 1, 2_500, 10, "new"));
        apply(schema, many(schema, 2_000, 4_500, 5_000, "newer"));

        assertThat(fixture.store.count(schema, Query.all())).isEqualTo(4_500);
        assertThat(text(fixture.store.find(schema, new RecordId("1001")).orElseThrow()))
                .isEqualTo(text(item(1_001, "new")));
        assertThat(text(fixture.store.find(schema, new RecordId("2500")).orElseThrow()))
                .isEqualTo(text(item(2_500, "newer")));
    }

    @Test
    void many_records_of_an_older_worker_or_an_earlier_apply_are_not_let_in() throws SQLException {
        CollectionSchema<?, ?> schema = fixture.documents;
        for (Fence wrong : List.of(new Fence(2, 0), new Fence(1, 9))) {
            assertThatThrownBy(() -> fixture.store
                            .mirrorTarget()
                            .apply(Map.of(schema, wrong), many(schema, 1, 2_000, 10, "n"), Map.of()))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(stored(schema)).isEmpty();

        apply(schema, many(schema, 1, 2_000, 10, "n"));
        long number = written();
        fixture.sql("UPDATE switchover_ledger SET last_apply = " + Long.MAX_VALUE + " WHERE collection = 'documents'");
        assertThatThrownBy(() -> apply(schema, many(schema, 2_001, 4_000, 10, "late")))
                .isInstanceOf(FencedException.class);
        fixture.sql("UPDATE switchover_ledger SET last_apply = " + (number - 1) + " WHERE collection = 'documents'");
        assertThatThrownBy(() -> apply(schema, many(schema, 2_001, 4_000, 10, "gone back")))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
        assertThat(fixture.store.count(schema, Query.all())).isEqualTo(2_000);
    }

    @Test
    void one_record_the_table_refuses_leaves_nothing_of_many() {
        CollectionSchema<?, ?> schema = fixture.documents;
        List<MirrorChange> changes = new ArrayList<>(many(schema, 1, 2_000, 10, "n"));
        changes.set(
                1_500,
                new MirrorChange(
                        schema, new RecordId("1501"), 9, new RawRecord(new RecordId("1501"), 9, 9, new byte[] {'{'})));

        assertThatThrownBy(() -> apply(schema, changes)).isInstanceOf(RecordRefusedException.class);
        assertThat(stored(schema)).isEmpty();
    }

    @Test
    void an_apply_that_arrives_after_a_later_one_puts_nothing_back() throws SQLException {
        Names names = new Names(null);
        MirrorGroup late = MirrorGroup.of(
                        List.of(present(fixture.documents, 1, 5, "old")),
                        fences(fixture.documents),
                        Map.of(),
                        new Tables(List.of(fixture.documents), names, Capabilities.NONE))
                .get(0);
        long numberDrawnBefore = 1;
        apply(present(fixture.documents, 1, 6, "new"));

        try (var connection = fixture.database.connect()) {
            assertThatThrownBy(() -> PostgresMirror.apply(connection, late, numberDrawnBefore, 0))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(stored(fixture.documents)).containsExactly("1@6");
    }

    /** To plan one takes longer than to run it. */
    @Test
    void statements_that_only_store_and_those_of_one_record_are_planned_once() throws SQLException {
        CollectionSchema<?, ?> schema = fixture.documents;
        apply(schema, many(schema, 1, 100, 1, "before"));
        assertPlannedOnce(List.of(present(schema, 1, 5, "one")));
        assertPlannedOnce(List.of(absent(schema, 2, 5)));
        assertPlannedOnce(many(schema, 3, 40, 5, "many"));
    }

    private void assertPlannedOnce(List<MirrorChange> changes) throws SQLException {
        MirrorGroup group = MirrorGroup.of(
                        changes,
                        fences(fixture.documents),
                        Map.of(),
                        new Tables(List.of(fixture.documents), new Names(null), Capabilities.NONE))
                .get(0);
        try (var connection = fixture.database.connect()) {
            for (int i = 0; i < 30; i++) {
                PostgresMirror.apply(connection, group, written() + 1, 0);
            }
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT generic_plans, custom_plans FROM pg_prepared_statements"
                            + " WHERE statement LIKE '%last_apply%'")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isGreaterThan(row.getLong(2));
            }
        }
    }
}
