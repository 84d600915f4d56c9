package dev.switchover.postgres;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.RepositoryContract;
import dev.switchover.storage.schema.CollectionSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Everything a repository promises, on both table layouts. */
class PostgresContractTest {

    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Nested
    class DocumentLayout extends PostgresContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.document();
        }
    }

    @Nested
    class ColumnsLayout extends PostgresContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.columns();
        }
    }

    /** Tables of somebody else's, with columns of their own, defaults and an index. */
    @Nested
    class ExistingTable extends PostgresContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.columns();
        }

        @Override
        public <T, ID> CollectionDefinition.Builder<T, ID> define(
                String name, Class<T> recordClass, Class<ID> idClass) {
            TableLayout.Columns layout = TableLayout.columns();
            return CollectionDefinition.of(name, recordClass, idClass)
                    .table(idClass.isRecord() ? layout : layout.existingTable(name));
        }

        @Override
        void arrange(Statement statement, CollectionDefinition<?, ?> definition) throws SQLException {
            if (definition.tableLayout() instanceof TableLayout.Columns layout && layout.existing()) {
                statement.execute(theirs(CollectionSchema.of(definition)));
            }
        }

        private String theirs(CollectionSchema<?, ?> schema) {
            RecordTable table = RecordTable.of(schema, new Names(null));
            String columns = table.ownValues().stream()
                    .map(value -> ", " + value.name() + " " + value.type())
                    .collect(Collectors.joining());
            return "CREATE TABLE " + table.name() + " (" + table.idColumn() + " " + table.idType() + " PRIMARY KEY"
                    + columns
                    + ", their_note text NOT NULL DEFAULT 'theirs', their_time timestamptz NOT NULL DEFAULT now());"
                    + "CREATE INDEX ON " + table.name() + " (their_time)";
        }
    }

    abstract static class PostgresContract extends RepositoryContract {

        private static final AtomicInteger COUNT = new AtomicInteger();

        private record Opened(PostgresSettings settings, List<CollectionDefinition<?, ?>> definitions) {}

        private final Map<Storage, Opened> opened = new ConcurrentHashMap<>();

        @Override
        protected Storage open(CollectionDefinition<?, ?>... definitions) {
            // A schema of its own is as fresh as a database, and there sooner.
            String schema = "fresh_" + COUNT.incrementAndGet();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + schema + "; SET search_path TO " + schema + ";" + OwnTables.sql());
                for (CollectionDefinition<?, ?> definition : definitions) {
                    arrange(statement, definition);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("The schema could not be made", e);
            }
            PostgresSettings settings = PostgresSettings.of(DatabaseUrl.parse(database.url()))
                    .schema(schema)
                    .poolSize(4);
            return open(new Opened(settings, List.of(definitions)));
        }

        void arrange(Statement statement, CollectionDefinition<?, ?> definition) throws SQLException {}

        @Override
        protected Storage reopen(Storage storage) {
            storage.close();
            return open(opened.get(storage));
        }

        private Storage open(Opened what) {
            Storage storage = PostgresStorage.open(what.settings, what.definitions);
            opened.put(storage, what);
            return storage;
        }
    }
}
