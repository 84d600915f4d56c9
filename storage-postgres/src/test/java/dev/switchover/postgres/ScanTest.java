package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All records, and all ids and versions without the records. */
class ScanTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
        fixture.follow(fixture.documents);
        fixture.follow(fixture.columns);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static List<String> all(RecordCursor cursor) {
        List<String> records = new ArrayList<>();
        try (cursor) {
            while (cursor.hasNext()) {
                RawRecord record = cursor.next();
                records.add(record.id() + "@" + record.version() + "/" + record.order());
            }
        }
        return records;
    }

    private void fill(CollectionSchema<?, ?> schema, int count) {
        List<MirrorChange> changes = new ArrayList<>();
        for (long id = -3; id < count - 3; id++) {
            changes.add(present(schema, id, 5_000 - id, "n"));
        }
        fixture.store.mirrorTarget().apply(fences(schema), changes, Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void they_are_those_of_the_records(String layout) {
        CollectionSchema<?, ?> schema = layout.equals("columns") ? fixture.columns : fixture.documents;
        assertThat(all(fixture.store.scanVersions(schema))).isEmpty();
        fill(schema, 2_500);

        assertThat(all(fixture.store.scanVersions(schema)))
                .hasSize(2_500)
                .contains("-3@5003/5003")
                .containsExactlyInAnyOrderElementsOf(all(fixture.store.scan(schema)));
    }

    @Test
    void the_envelope_comes_first_and_whole() {
        fixture.follow(fixture.notes);
        byte[] envelope = "{\"notes\":[]}".getBytes(StandardCharsets.UTF_8);
        RawRecord first = new RawRecord(RecordId.ENVELOPE, 4, 0, envelope);
        RecordId id = new RecordId("-");
        RawRecord note = new RawRecord(id, 5, 5, "{\"id\":\"-\",\"text\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        fixture.store
                .mirrorTarget()
                .apply(
                        fences(fixture.notes),
                        List.of(
                                new MirrorChange(fixture.notes, RecordId.ENVELOPE, 4, first),
                                new MirrorChange(fixture.notes, id, 5, note)),
                        Map.of());

        assertThat(all(fixture.store.scanVersions(fixture.notes)))
                .hasSize(2)
                .isEqualTo(all(fixture.store.scan(fixture.notes)));
        try (RecordCursor cursor = fixture.store.scanVersions(fixture.notes)) {
            assertThat(cursor.next().body()).isEqualTo(envelope);
            assertThat(cursor.next().body()).isEmpty();
        }
    }

    /** The rest of a short table is read, and of a long one the connection is given up. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void what_is_not_read_to_its_end_keeps_no_connection(int length) throws SQLException {
        int count = 60;
        fill(fixture.documents, count);
        fixture.sql("UPDATE documents SET body = (body::text || repeat(' ', " + length + "))::json");
        for (int i = 0; i < 12; i++) {
            try (RecordCursor versions = fixture.store.scanVersions(fixture.documents);
                    RecordCursor records = fixture.store.scan(fixture.documents)) {
                assertThat(versions.next().body()).isEmpty();
                assertThat(records.next().id().text()).isEqualTo("-3");
            }
        }
        assertThat(all(fixture.store.scanVersions(fixture.documents))).hasSize(count);
        assertThat(all(fixture.store.scan(fixture.documents))).hasSize(count);
    }

    @Test
    void records_come_by_id() {
        fill(fixture.documents, 1_200);
        List<Long> ids = new ArrayList<>();
        try (RecordCursor records = fixture.store.scan(fixture.documents)) {
            records.forEachRemaining(
                    record -> ids.add(Long.parseLong(record.id().text())));
        }
        assertThat(ids).hasSize(1_200).isSorted().startsWith(-3L, -2L).endsWith(1_196L);
    }

    /** It is no record; the next scan finds the connection as it was. */
    @Test
    @Timeout(60)
    void a_body_that_is_null_is_told_and_holds_nobody_up() throws SQLException {
        fill(fixture.documents, 3);
        fixture.sql("ALTER TABLE documents ALTER body DROP NOT NULL; UPDATE documents SET body = NULL WHERE id = -3");
        for (int i = 0; i < 15; i++) {
            try (RecordCursor records = fixture.store.scan(fixture.documents)) {
                assertThatThrownBy(records::next)
                        .isInstanceOf(InvalidRecordException.class)
                        .hasMessageContaining("-3");
                assertThat(records.next().id().text()).isEqualTo("-2");
            }
        }
    }
}
