package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.item;
import static dev.switchover.postgres.Fixture.put;
import static dev.switchover.postgres.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresWriteTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.ON);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private CollectionSchema<?, ?> schema(String layout) {
        return layout.equals("columns") ? fixture.columns : fixture.documents;
    }

    private RawRecord find(CollectionSchema<?, ?> schema, long id) {
        return fixture.store.find(schema, new RecordId(Long.toString(id))).orElse(null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void a_put_creates_then_updates_and_keeps_the_place_in_the_order(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);

        Written created = fixture.write(put(schema, 5, "first"));
        Written other = fixture.write(put(schema, 3, "other"));
        Written updated = fixture.write(put(schema, 5, "second"));

        assertThat(created.effect()).isEqualTo(Effect.CREATED);
        assertThat(updated.effect()).isEqualTo(Effect.UPDATED);
        assertThat(updated.version()).isGreaterThan(other.version());
        assertThat(updated.record().order()).isEqualTo(created.version());
        assertThat(text(find(schema, 5))).isEqualTo(text(item(5, "second")));
        assertThat(find(schema, 5).version()).isEqualTo(updated.version());
        assertThat(fixture.store.list(schema, Query.all()))
                .extracting(record -> record.id().text())
                .containsExactly("5", "3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void a_write_is_pending_in_the_same_commit(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);

        Written written = fixture.write(put(schema, 5, "first"));
        Written made = fixture.write(insert(schema, "made"));
        Written deleted = fixture.write(delete(schema, 5));

        assertThat(written.pending()).isTrue();
        assertThat(made.pending()).isTrue();
        assertThat(deleted.pending()).isTrue();
        assertThat(fixture.store.pending().take(List.of(schema), 10, 1_000_000).records())
                .extracting(
                        pending -> pending.mark().id() + "@" + pending.mark().version() + " "
                                + (pending.present() == null ? "absent" : text(pending.present())))
                .containsExactly(
                        made.id() + "@" + made.version() + " " + text(made.record()),
                        "5@" + deleted.version() + " absent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void an_expected_version_lets_only_the_right_one_through(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        long first = fixture.write(put(schema, 5, "first")).version();

        Written second = fixture.write(put(schema, 5, "second", new Expected.Version(first)));

        assertThat(second.effect()).isEqualTo(Effect.UPDATED);
        VersionConflictException conflict = catchThrowableOfType(
                VersionConflictException.class,
                () -> fixture.write(put(schema, 5, "third", new Expected.Version(first))));
        assertThat(conflict.expected()).isEqualTo(first);
        assertThat(conflict.actual()).isEqualTo(second.version());
        conflict = catchThrowableOfType(
                VersionConflictException.class, () -> fixture.write(put(schema, 6, "x", new Expected.Version(9))));
        assertThat(conflict.actual()).isZero();
        conflict = catchThrowableOfType(
                VersionConflictException.class, () -> fixture.write(put(schema, 5, "x", new Expected.Version(0))));
        assertThat(conflict.actual()).isEqualTo(second.version());
        assertThatThrownBy(
                        () -> fixture.write(new Write.Delete(schema, new RecordId("5"), new Expected.Version(first))))
                .isInstanceOf(VersionConflictException.class);
        assertThat(text(find(schema, 5))).isEqualTo(text(item(5, "second")));
        assertThat(fixture.write(new Write.Delete(schema, new RecordId("5"), new Expected.Version(second.version())))
                        .effect())
                .isEqualTo(Effect.DELETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void a_record_that_must_be_absent_is_refused_if_it_is_not(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        fixture.write(put(schema, 5, "first", Expected.ABSENT));

        assertThatThrownBy(() -> fixture.write(put(schema, 5, "second", Expected.ABSENT)))
                .isInstanceOf(RecordExistsException.class);
        assertThat(text(find(schema, 5))).isEqualTo(text(item(5, "first")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void deleting_nothing_does_nothing(String layout) {
        Written nothing = fixture.write(delete(schema(layout), 5));

        assertThat(nothing.effect()).isEqualTo(Effect.NOTHING);
        assertThat(nothing.version()).isZero();
        assertThat(fixture.store.pending().summary(schema(layout)).count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void ids_made_by_the_store_are_never_made_twice(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);

        assertThat(fixture.write(insert(schema, "one")).id().text()).isEqualTo("1");
        assertThat(text(fixture.write(insert(schema, "two")).record())).isEqualTo(text(item(2, "two")));
        fixture.write(delete(schema, 2));
        assertThat(fixture.write(insert(schema, "three")).id().text()).isEqualTo("3");
        fixture.write(put(schema, 10, "given"));
        fixture.write(delete(schema, 10));
        assertThat(fixture.write(insert(schema, "eleven")).id().text()).isEqualTo("11");
        assertThat(fixture.store.nextId(schema)).isEqualTo(12);
        assertThat(fixture.store.ledger().read(schema).orElseThrow().highestId())
                .isEqualTo(12);
    }

    @Test
    void an_id_somebody_inserted_by_hand_is_stepped_over() throws SQLException {
        fixture.sql("INSERT INTO documents (id, body) SELECT g, '{}' FROM generate_series(1, 50) g");

        assertThat(fixture.write(insert(fixture.documents, "made")).id().text()).isEqualTo("51");
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void a_batch_happens_whole_and_a_later_write_sees_the_earlier_ones(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        long five = fixture.write(put(schema, 5, "first")).version();

        List<Written> written = fixture.store.write(List.of(
                put(schema, 5, "second", new Expected.Version(five)),
                put(schema, 9, "nine", Expected.ABSENT),
                put(schema, 8, "eight"),
                insert(schema, "made"),
                delete(schema, 77),
                delete(schema, 5),
                put(schema, 5, "again", Expected.ABSENT)));

        assertThat(written)
                .extracting(Written::effect)
                .containsExactly(
                        Effect.UPDATED,
                        Effect.CREATED,
                        Effect.CREATED,
                        Effect.CREATED,
                        Effect.NOTHING,
                        Effect.DELETED,
                        Effect.CREATED);
        assertThat(written).filteredOn(one -> one.version() != 0).allMatch(Written::pending);
        assertThat(written.get(3).id().text()).isEqualTo("10");
        assertThat(fixture.store.list(schema, Query.all()))
                .extracting(record -> record.id().text())
                .containsExactly("9", "8", "10", "5");
        assertThat(text(find(schema, 5))).isEqualTo(text(item(5, "again")));
        assertThat(written.get(5).version()).isGreaterThan(written.get(0).version());
        assertThat(written.get(6).version()).isGreaterThan(written.get(5).version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void a_batch_with_one_conflict_changes_nothing(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        long five = fixture.write(put(schema, 5, "first")).version();

        assertThatThrownBy(() -> fixture.store.write(
                        List.of(put(schema, 6, "six"), put(schema, 5, "second", new Expected.Version(five + 100)))))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() ->
                        fixture.store.write(List.of(put(schema, 6, "six"), put(schema, 5, "second", Expected.ABSENT))))
                .isInstanceOf(RecordExistsException.class);
        assertThatThrownBy(() -> fixture.store.write(List.of(
                        put(schema, 6, "six"),
                        new Write.Check(schema, new RecordId("5"), new Expected.Version(five + 1)))))
                .isInstanceOf(VersionConflictException.class);
        assertThatThrownBy(() -> fixture.store.write(List.of(
                        put(schema, 6, "six"), new Write.Delete(schema, new RecordId("5"), new Expected.Version(0)))))
                .isInstanceOf(VersionConflictException.class);
        assertThat(find(schema, 6)).isNull();
        assertThat(text(find(schema, 5))).isEqualTo(text(item(5, "first")));
        assertThat(fixture.store.write(List.of(
                        new Write.Check(schema, new RecordId("5"), new Expected.Version(five)),
                        new Write.Check(schema, new RecordId("6"), Expected.ABSENT))))
                .extracting(Written::effect)
                .containsOnly(Effect.NOTHING);
    }

    @Test
    void a_unit_of_work_over_two_collections_is_pending_as_one() {
        List<Written> written =
                fixture.store.write(List.of(put(fixture.documents, 1, "a"), put(fixture.columns, 2, "b")));
        fixture.write(put(fixture.documents, 1, "a2"));

        List<dev.switchover.storage.spi.PendingRecord> taken = fixture.store
                .pending()
                .take(List.of(fixture.documents, fixture.columns), 1, 1)
                .records();
        assertThat(taken).hasSize(2);
        assertThat(taken).extracting(pending -> pending.mark().unit()).doesNotContain(0L);
        assertThat(taken)
                .extracting(pending -> pending.mark().unit())
                .containsOnly(taken.get(0).mark().unit());
        assertThat(written).extracting(Written::effect).containsOnly(Effect.CREATED);
    }

    @Test
    void units_that_share_a_record_become_one() {
        fixture.store.write(List.of(put(fixture.documents, 1, "a"), put(fixture.columns, 2, "b")));
        fixture.store.write(List.of(put(fixture.documents, 1, "c"), put(fixture.documents, 3, "d")));

        assertThat(fixture.store
                        .pending()
                        .take(List.of(fixture.documents, fixture.columns), 1, 1)
                        .records())
                .hasSize(3);
    }

    @Test
    void a_large_batch_is_one_batch() {
        List<Write> writes = new ArrayList<>();
        for (int i = 1; i <= 2_500; i++) {
            writes.add(i % 2 == 0 ? put(fixture.columns, i, "n" + i) : insert(fixture.columns, "made"));
        }

        List<Written> written = fixture.store.write(writes);

        assertThat(written).hasSize(2_500);
        assertThat(written).extracting(one -> one.record().order()).isSorted();
        assertThat(fixture.store.count(fixture.columns, Query.all())).isEqualTo(2_500);
        assertThat(written).extracting(Written::id).doesNotHaveDuplicates();
    }

    @Test
    void the_envelope_is_written_read_and_pending_like_a_record() {
        byte[] body = Fixture.bytes("{\"notes\": [], \"currency\": \"EUR\"}");
        Written created = fixture.write(new Write.Put(fixture.notes, RecordId.ENVELOPE, body, Expected.ANY));
        Written updated = fixture.write(
                new Write.Put(fixture.notes, RecordId.ENVELOPE, body, new Expected.Version(created.version())));

        assertThat(created.effect()).isEqualTo(Effect.CREATED);
        assertThat(updated.effect()).isEqualTo(Effect.UPDATED);
        assertThat(updated.record().order()).isZero();
        RawRecord found = fixture.store.find(fixture.notes, RecordId.ENVELOPE).orElseThrow();
        assertThat(text(found)).isEqualTo(text(body));
        assertThat(found.order()).isZero();
        assertThat(fixture.store.pending().take(List.of(fixture.notes), 9, 999).records())
                .singleElement()
                .satisfies(pending -> {
                    assertThat(pending.mark().id().isEnvelope()).isTrue();
                    assertThat(pending.mark().version()).isEqualTo(updated.version());
                    assertThat(text(pending.present())).isEqualTo(text(body));
                });
        fixture.store.write(List.of(
                new Write.Put(fixture.notes, RecordId.ENVELOPE, body, new Expected.Version(updated.version())),
                new Write.Put(
                        fixture.notes, new RecordId("b"), Fixture.bytes("{\"id\":\"b\",\"text\":\"x\"}"), Expected.ANY),
                new Write.Put(
                        fixture.notes,
                        new RecordId("a"),
                        Fixture.bytes("{\"id\":\"a\",\"text\":\"x\"}"),
                        Expected.ANY)));
        try (var cursor = fixture.store.scan(fixture.notes)) {
            List<String> ids = new ArrayList<>();
            cursor.forEachRemaining(record -> ids.add(record.id().text()));
            assertThat(ids).containsExactly("", "a", "b");
        }
    }

    @Test
    void with_mirroring_off_nothing_is_pending() {
        fixture.change(fixture.documents, entry -> entry.with(Mirroring.OFF));

        assertThat(fixture.write(put(fixture.documents, 1, "a")).pending()).isFalse();
        assertThat(fixture.store.write(List.of(put(fixture.documents, 1, "b"), put(fixture.documents, 2, "c"))))
                .noneMatch(Written::pending);
        assertThat(fixture.store.pending().summary(fixture.documents).count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void every_write_is_fenced_by_the_ledger(String layout) {
        CollectionSchema<?, ?> schema = schema(layout);
        long version = fixture.write(put(schema, 1, "a")).version();
        fixture.change(schema, entry -> entry.with(State.SEALED, 2));

        List<Write> writes = List.of(
                put(schema, 1, "b"),
                put(schema, 2, "b", Expected.ABSENT),
                put(schema, 1, "b", new Expected.Version(version)),
                delete(schema, 1),
                new Write.Delete(schema, new RecordId("1"), new Expected.Version(version)),
                insert(schema, "c"));
        for (Write write : writes) {
            assertThatThrownBy(() -> fixture.write(write))
                    .isInstanceOf(FencedException.class)
                    .hasMessageContaining("SEALED");
        }
        assertThatThrownBy(() -> fixture.store.write(writes)).isInstanceOf(FencedException.class);
        assertThat(fixture.store.list(schema, Query.all())).hasSize(1);
        assertThat(text(find(schema, 1))).isEqualTo(text(item(1, "a")));
    }

    @Test
    void an_active_entry_of_another_epoch_or_not_confirmed_fences_too() {
        fixture.change(fixture.documents, entry -> entry.with(State.ACTIVE, 2).confirm());
        assertThatThrownBy(() -> fixture.write(put(fixture.documents, 1, "a"))).isInstanceOf(FencedException.class);

        fixture.change(fixture.documents, entry -> entry.with(State.ACTIVE, 1));
        assertThatThrownBy(() -> fixture.write(put(fixture.documents, 1, "a"))).isInstanceOf(FencedException.class);
        List<Write> batch = List.of(put(fixture.documents, 1, "a"), put(fixture.documents, 2, "b"));
        assertThatThrownBy(() -> fixture.store.write(batch)).isInstanceOf(FencedException.class);

        fixture.change(fixture.documents, entry -> entry.confirm());
        assertThat(fixture.write(put(fixture.documents, 1, "a")).version()).isPositive();
    }

    /** The statement in its short form is the one that writes from the second time on. */
    @ParameterizedTest
    @EnumSource(Mirroring.class)
    void an_entry_that_is_confirmed_no_more_fences_a_writer_that_has_written_under_it(Mirroring mirroring) {
        fixture.change(
                fixture.documents,
                entry -> entry.with(State.ACTIVE, 1).confirm().with(mirroring));
        fixture.write(put(fixture.documents, 1, "a"));
        fixture.write(put(fixture.documents, 1, "b"));

        fixture.change(fixture.documents, entry -> entry.with(State.ACTIVE, 1).with(mirroring));

        assertThatThrownBy(() -> fixture.write(put(fixture.documents, 1, "c"))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> fixture.write(put(fixture.documents, 2, "d"))).isInstanceOf(FencedException.class);
    }

    @Test
    void a_store_that_was_never_told_to_serve_writes_nothing() {
        try (PostgresStore other = PostgresStore.open(fixture.settings(), fixture.schemas())) {
            assertThatThrownBy(() -> other.write(List.of(put(fixture.documents, 1, "a"))))
                    .isInstanceOf(FencedException.class);
        }
    }

    @Test
    void what_the_table_refuses_is_told_by_its_state_and_without_values() throws SQLException {
        fixture.sql("ALTER TABLE columns ADD CONSTRAINT small CHECK (amount < 1)");

        assertThatThrownBy(() -> fixture.write(put(fixture.columns, 1, "cAnArY")))
                .isInstanceOf(RecordRefusedException.class)
                .hasMessageContaining("23514")
                .hasMessageContaining("small")
                .satisfies(refusal -> {
                    java.io.StringWriter all = new java.io.StringWriter();
                    refusal.printStackTrace(new java.io.PrintWriter(all));
                    assertThat(all.toString()).doesNotContain("cAnArY");
                });
    }

    @Test
    void the_table_is_one_that_people_can_read() throws SQLException {
        fixture.write(put(fixture.columns, 7, "seven"));

        assertThat(fixture.ask("SELECT name || ' ' || amount FROM columns WHERE id = 7"))
                .isEqualTo("seven 1.50");
    }

    @Test
    void a_document_of_some_kilobytes_stays_in_one_piece() throws SQLException {
        String note = "{\"id\":\"a\",\"text\":\"" + "long ".repeat(700) + "\"}";
        fixture.write(new Write.Put(fixture.notes, new RecordId("a"), Fixture.bytes(note), Expected.ANY));

        assertThat(fixture.ask("SELECT coalesce(pg_column_compression(body), 'none') || ' ' || pg_column_size(body)"
                        + " FROM notes"))
                .isEqualTo("none " + (note.length() + 4));
    }
}
