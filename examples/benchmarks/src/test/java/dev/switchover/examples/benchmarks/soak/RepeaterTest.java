package dev.switchover.examples.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.examples.benchmarks.harness.LatencyHistogram;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepeaterTest {

    private static final int CALLS = 300;

    @TempDir
    Path folder;

    @Test
    void thePlainTableHasInTheEndWhatTheCallersHaveWritten() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                PhaseStorage storage =
                        PhaseStorage.open("ours", Phase.JSON_ONLY, TableLayout.document(), folder, null)) {
            try (Repeater repeater = Repeater.open(Databases.of(database));
                    Callers callers =
                            new Callers(storage.repository(), new Entries(300), 20, 10_000, repeater::repeat)) {
                callers.start();
                LatencyHistogram latencies = new LatencyHistogram();
                while (latencies.total() < CALLS) {
                    callers.goOnUntil(System.nanoTime() + 1_000_000);
                    latencies.addAll(callers.taken());
                }
                assertThat(repeater.sizes().recordsWithIndexes()).isPositive();
            }
            assertThat(plain(database))
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(storage.repository().findAll());
        }
    }

    @Test
    void aWriteThatFailsIsToldWithTheNextSizes() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Repeater repeater = Repeater.open(Databases.of(database))) {
            Entry entry = new Entries(300).first(1).get(0);
            repeater.repeat(table -> table.update(entry));
            repeater.repeat(table -> table.insert(entry));

            assertThatThrownBy(repeater::sizes)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Entry 1 is not in the plain table");
        }
    }

    private static List<Entry> plain(TestDatabase database) throws Exception {
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, body FROM entries")) {
            while (rows.next()) {
                Entry entry = Mapper.JSON.readValue(rows.getString(2), Entry.class);
                assertThat(entry.id()).isEqualTo(rows.getLong(1));
                entries.add(entry);
            }
        }
        return entries;
    }
}
