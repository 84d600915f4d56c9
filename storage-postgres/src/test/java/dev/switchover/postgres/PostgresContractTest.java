package dev.switchover.postgres;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.RepositoryContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
            } catch (SQLException e) {
                throw new IllegalStateException("The schema could not be made", e);
            }
            PostgresSettings settings = PostgresSettings.of(DatabaseUrl.parse(database.url()))
                    .schema(schema)
                    .poolSize(4);
            return open(new Opened(settings, List.of(definitions)));
        }

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
