package dev.switchover.dualwrite.faults;

import dev.switchover.dualwrite.PhaseContract;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract through a pooler in transaction mode. How to run it: {@link PgBouncer}. */
@Tag("slow")
class PooledContractTest {

    @TempDir
    static Path folder;

    private static TestDatabase database;
    private static PgBouncer pooler;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        pooler = PgBouncer.before(database, folder);
    }

    @AfterAll
    static void stop() {
        if (pooler != null) {
            pooler.close();
        }
        database.close();
    }

    @Nested
    class JsonPrimary extends PooledContract {
        JsonPrimary() {
            super(Phase.JSON_PRIMARY, TableLayout.document());
        }
    }

    @Nested
    class DbPrimary extends PooledContract {
        DbPrimary() {
            super(Phase.DB_PRIMARY, TableLayout.document());
        }
    }

    @Nested
    class DbPrimaryWithColumns extends PooledContract {
        DbPrimaryWithColumns() {
            super(Phase.DB_PRIMARY, TableLayout.columns());
        }
    }

    abstract static class PooledContract extends PhaseContract {

        PooledContract(Phase phase, TableLayout layout) {
            super(phase, layout);
        }

        @Override
        protected String url(TestDatabase of) {
            return pooler.url(of);
        }
    }
}
