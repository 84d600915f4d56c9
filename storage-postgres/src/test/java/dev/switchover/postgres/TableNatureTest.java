package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that have the right columns and would still answer other than the files do: found at the start, not at a write. */
class TableNatureTest {

    private static final String TABLE = "CREATE TABLE notes (id text PRIMARY KEY, text text);";
    private static final String NO_CASE =
            "CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);";

    private final TestDatabase database = TestDatabase.create();
    private final String role = "role_of_" + database.name();

    @AfterEach
    void drop() throws SQLException {
        sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
        database.close();
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** By a role that is no superuser, whom nothing is hidden from. */
    private PostgresStore open(TableLayout layout, String... tables) throws SQLException {
        sql("CREATE ROLE " + role + " LOGIN PASSWORD 'x'; GRANT ALL ON SCHEMA public TO " + role + "; SET ROLE " + role
                + ";" + String.join("", tables));
        String url = database.url().replaceFirst("//[^@]*@", "//" + role + ":x@");
        return PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(url)), List.of(notes(layout)));
    }

    private static CollectionSchema<Fixture.Note, String> notes(TableLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of("notes", Fixture.Note.class, String.class)
                .table(layout)
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY | row level security",
                "CREATE RULE none AS ON INSERT TO notes DO INSTEAD NOTHING | rule",
                "CREATE TABLE more () INHERITS (notes) | inherit"
            })
    void a_table_that_hides_rows_or_shows_more_is_refused_at_the_start(String change, String named)
            throws SQLException {
        try (PostgresStore store = open(TableLayout.columns().existingTable("notes"), TABLE, change)) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("\"notes\"")
                    .hasMessageContaining(named);
        }
    }

    @Test
    void a_key_that_is_only_checked_later_is_refused_at_the_start() throws SQLException {
        try (PostgresStore store = open(
                TableLayout.columns().existingTable("notes"),
                "CREATE TABLE notes (id text PRIMARY KEY DEFERRABLE, text text)")) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("deferrable");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id text COLLATE no_case PRIMARY KEY, body json NOT NULL",
                "id text PRIMARY KEY, body json NOT NULL); CREATE UNIQUE INDEX ON notes (id COLLATE no_case"
            })
    void ids_that_a_collation_takes_for_one_are_refused_at_the_start(String columns) throws SQLException {
        try (PostgresStore store =
                open(TableLayout.document().table("notes"), NO_CASE, "CREATE TABLE notes (" + columns + ")")) {
            assertThatThrownBy(store::prepare)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("not deterministic");
        }
    }

    @Test
    void a_table_made_of_parts_with_a_collation_of_its_own_works() throws SQLException {
        try (PostgresStore store = open(
                TableLayout.columns().existingTable("notes"),
                NO_CASE,
                "CREATE TABLE notes (id text PRIMARY KEY, text text COLLATE no_case) PARTITION BY HASH (id);"
                        + "CREATE TABLE part PARTITION OF notes FOR VALUES WITH (MODULUS 1, REMAINDER 0)")) {
            CollectionSchema<?, ?> notes = store.schemas().get(0);
            store.prepare();
            LedgerEntry entry =
                    LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(Mirroring.OFF);
            assertThat(store.ledger().compareAndSet(notes, null, entry, "test")).isTrue();
            store.serve(notes, 1);
            for (String id : List.of("a", "A")) {
                byte[] body = Fixture.bytes("{\"id\":\"" + id + "\",\"text\":\"" + id + "1\"}");
                store.write(List.of(new Write.Put(notes, new RecordId(id), body, Expected.ANY)));
            }

            assertThat(ids(store, notes, Query.all())).containsExactly("a", "A");
            assertThat(ids(store, notes, Query.all().where(Filter.prefix("text", "A"))))
                    .containsExactly("A");
            assertThat(ids(store, notes, Query.all().where(Filter.equal("text", "a1"))))
                    .containsExactly("a");
        }
    }

    private static List<String> ids(PostgresStore store, CollectionSchema<?, ?> schema, Query query) {
        return store.list(schema, query).stream()
                .map(RawRecord::id)
                .map(RecordId::text)
                .toList();
    }
}
