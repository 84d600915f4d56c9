package dev.switchover.examples.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSizesTest {

    @TempDir
    Path folder;

    @Test
    void everyTableIsOfOneKind() throws Exception {
        try (TestDatabase test = TestDatabase.create();
                Server server = Server.at(Databases.of(test));
                Connection connection = test.dataSource().getConnection()) {
            assertThat(TableSizes.of(connection)).isEqualTo(TableSizes.NONE);

            Database database = Databases.of(test);
            PhaseStorage.open("ours", Phase.DB_ONLY, TableLayout.document(), folder, database)
                    .close();

            TableSizes sizes = TableSizes.of(connection);
            assertThat(sizes.all()).isEqualTo(server.bytes(database, "%"));
            assertThat(sizes.recordsWithIndexes()).isEqualTo(server.bytes(database, "entries"));
            assertThat(sizes.recordIndexes()).isBetween(1L, sizes.recordsWithIndexes());
            assertThat(sizes.pending()).isEqualTo(server.bytes(database, "switchover_pending"));
            assertThat(sizes.others()).isPositive();
        }
    }
}
