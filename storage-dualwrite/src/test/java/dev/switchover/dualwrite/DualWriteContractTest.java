package dev.switchover.dualwrite;

import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The whole contract in every phase with a database. What is in the mirror afterwards is compared with the primary. Columns beside
 * JSON are for the long profile: {@link dev.switchover.dualwrite.differential.DifferentialTest} plays on them each time.
 */
class DualWriteContractTest {

    @Nested
    class JsonPrimaryWithDocuments extends PhaseContract {
        JsonPrimaryWithDocuments() {
            super(Phase.JSON_PRIMARY, TableLayout.document());
        }
    }

    @Tag("slow")
    @Nested
    class JsonPrimaryWithColumns extends PhaseContract {
        JsonPrimaryWithColumns() {
            super(Phase.JSON_PRIMARY, TableLayout.columns());
        }
    }

    @Nested
    class DbPrimaryWithDocuments extends PhaseContract {
        DbPrimaryWithDocuments() {
            super(Phase.DB_PRIMARY, TableLayout.document());
        }
    }

    @Tag("slow")
    @Nested
    class DbPrimaryWithColumns extends PhaseContract {
        DbPrimaryWithColumns() {
            super(Phase.DB_PRIMARY, TableLayout.columns());
        }
    }
}
