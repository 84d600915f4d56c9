package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.fence;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PairedCopyTest {

    private static final int MANY = 5_000;

    record Thing(UUID id, String name) {}

    record Word(String id, String name) {}

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
        fixture.follow(fixture.documents);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static List<MirrorChange> records(CollectionSchema<?, ?> schema, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(id -> present(schema, id, id + 10, "n"))
                .toList();
    }

    private long load(List<MirrorChange> changes) {
        return fixture.store.mirrorTarget().load(fixture.documents, fence(), changes.iterator());
    }

    private long count() {
        return fixture.store.count(fixture.documents, Query.all());
    }

    private String transactions() throws SQLException {
        return fixture.ask("SELECT count(DISTINCT xmin::text) FROM documents");
    }

    private MirrorGroup group(List<MirrorChange> changes) {
        Tables tables = new Tables(List.of(fixture.documents), new Names(null), Capabilities.NONE);
        return MirrorGroup.whole(tables.records(fixture.documents), fence(), changes);
    }

    @Test
    void many_are_copied_on_two_connections() throws SQLException {
        assertThat(load(records(fixture.documents, 1, MANY))).isEqualTo(MANY);

        assertThat(count()).isEqualTo(MANY);
        assertThat(transactions()).isEqualTo("2");
        LedgerEntry entry = fixture.store.ledger().read(fixture.documents).orElseThrow();
        assertThat(entry.position().version()).isEqualTo(MANY + 10);
        assertThat(entry.highestId()).isEqualTo(MANY);
    }

    @Test
    void a_pool_that_has_no_second_one_to_spare_does_with_one() throws SQLException {
        PostgresSettings small = fixture.settings().poolSize(1);
        try (PostgresStore store = PostgresStore.open(small, fixture.schemas())) {
            store.prepare();
            store.mirrorTarget()
                    .load(
                            fixture.documents,
                            fence(),
                            records(fixture.documents, 1, MANY).iterator());
        }
        assertThat(count()).isEqualTo(MANY);
        assertThat(transactions()).isEqualTo("1");
    }

    @Test
    void what_is_left_of_a_load_whose_second_half_is_refused_is_completed_by_the_next() throws SQLException {
        fixture.sql("ALTER TABLE documents ADD CONSTRAINT small CHECK (id < 4000)");
        assertThatThrownBy(() -> load(records(fixture.documents, 1, MANY))).isInstanceOf(RecordRefusedException.class);
        assertThat(count()).isEqualTo(MANY / 2);

        fixture.sql("ALTER TABLE documents DROP CONSTRAINT small");
        assertThat(load(records(fixture.documents, 1, MANY))).isEqualTo(MANY);
        assertThat(count()).isEqualTo(MANY);
    }

    @Test
    void a_load_whose_connection_is_lost_leaves_whole_halves_and_is_completed_by_the_next() throws SQLException {
        for (int at : new int[] {100, MANY - 100}) {
            fixture.sql(
                    "CREATE OR REPLACE FUNCTION end_of_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = "
                            + at + " THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$");
            fixture.sql(
                    "CREATE TRIGGER end_of_it BEFORE INSERT ON documents FOR EACH ROW EXECUTE FUNCTION end_of_it()");
            assertThatThrownBy(() -> load(records(fixture.documents, 1, MANY))).isInstanceOf(StorageException.class);
            assertThat(count()).isEqualTo(MANY / 2);

            fixture.sql("DROP TRIGGER end_of_it ON documents");
            load(records(fixture.documents, 1, MANY));
            assertThat(count()).isEqualTo(MANY);
            fixture.sql("DELETE FROM documents");
        }
    }

    @Test
    void a_half_that_comes_after_the_next_apply_copies_nothing() {
        List<MirrorChange> late = records(fixture.documents, 1, 3);
        try (Database database = new Database(fixture.settings(), connection -> {})) {
            PairedCopy copying = new PairedCopy(database, new Names(null), fixture.settings());
            assertThat(copying.apply(group(late), 5, 0)).isTrue();
            fixture.store
                    .mirrorTarget()
                    .apply(
                            fences(fixture.documents),
                            List.of(new MirrorChange(fixture.documents, new RecordId("2"), 20, null)),
                            Map.of());

            assertThatThrownBy(() -> copying.copy(group(late), 5, late.subList(1, 2)))
                    .isInstanceOf(FencedException.class);
            assertThat(count()).isEqualTo(2);
        }
    }

    @Test
    void records_of_which_some_are_there_are_taken_over_too() {
        load(records(fixture.documents, 4_001, 4_001)); // not among those that are looked for beforehand
        List<MirrorChange> newer = new ArrayList<>();
        LongStream.rangeClosed(1, MANY).forEach(id -> newer.add(present(fixture.documents, id, id + 50, "newer")));
        load(newer);

        assertThat(count()).isEqualTo(MANY);
        assertThat(fixture.store
                        .find(fixture.documents, new RecordId("4001"))
                        .orElseThrow()
                        .version())
                .isEqualTo(4_051);
    }

    @Test
    void a_load_of_an_older_worker_or_into_an_older_server_is_not_let_in() throws SQLException {
        for (Fence wrong : List.of(new Fence(2, 0), new Fence(1, 9))) {
            assertThatThrownBy(() -> fixture.store
                            .mirrorTarget()
                            .load(
                                    fixture.documents,
                                    wrong,
                                    records(fixture.documents, 1, MANY).iterator()))
                    .isInstanceOf(FencedException.class);
        }
        load(records(fixture.documents, 1, 10));
        fixture.sql("UPDATE switchover_ledger SET last_apply = last_apply - 1 WHERE collection = 'documents'");
        assertThatThrownBy(() -> load(records(fixture.documents, 11, 20)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
        assertThat(count()).isEqualTo(10);
    }

    /** Ids of the other two kinds, and text of every kind of character, through the binary form. */
    @Test
    void ids_and_texts_come_out_as_they_went_in() {
        CollectionSchema<Thing, UUID> things = CollectionSchema.of(
                CollectionDefinition.of("things", Thing.class, UUID.class).build());
        CollectionSchema<Word, String> words = CollectionSchema.of(
                CollectionDefinition.of("words", Word.class, String.class).build());
        List<String> difficult = List.of("\\\\N", "tab\\t", "é ₪ 😀", "\\\\.", "'\\\"", " ", "\\u0001");
        try (PostgresStore store = PostgresStore.open(fixture.settings(), List.of(things, words))) {
            store.prepare();
            for (CollectionSchema<?, ?> schema : store.schemas()) {
                LedgerEntry entry =
                        LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
                assertThat(store.ledger().compareAndSet(schema, null, entry, "test"))
                        .isTrue();
            }
            for (String text : difficult) {
                String uuid = UUID.nameUUIDFromBytes(Fixture.bytes(text)).toString();
                Stream.of(record(things, uuid, text), record(words, text.replace("\\", "/"), text))
                        .forEach(change -> {
                            CollectionSchema<?, ?> schema = change.schema();
                            store.mirrorTarget()
                                    .load(schema, fence(), List.of(change).iterator());
                            RawRecord found = store.find(schema, change.id()).orElseThrow();
                            assertThat(found.body()).isEqualTo(change.record().body());
                            assertThat(found.order()).isEqualTo(-3);
                            assertThat(found.version()).isEqualTo(Long.MAX_VALUE >> 8);
                        });
            }
        }
    }

    private static MirrorChange record(CollectionSchema<?, ?> schema, String id, String name) {
        byte[] body = Fixture.bytes("{ \r\n\t\"name\":\"" + name + "\" }");
        long version = Long.MAX_VALUE >> 8;
        return new MirrorChange(schema, new RecordId(id), version, new RawRecord(new RecordId(id), version, -3, body));
    }
}
