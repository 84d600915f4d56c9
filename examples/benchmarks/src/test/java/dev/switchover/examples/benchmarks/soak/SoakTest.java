package dev.switchover.examples.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a soak runs and is reported; nothing about what stays flat in an instant. */
class SoakTest {

    @TempDir
    Path folder;

    @Test
    void everyCurveIsDrawn() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Server server = Server.at(Databases.of(database))) {
            Soak.run(Phase.DB_PRIMARY, Duration.ofMillis(10), server, folder, 20)
                    .write(folder);
        }
        List<String> lines = Files.readAllLines(folder.resolve("soak-db_primary.csv"));
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(lines.get(0)).startsWith("seconds,heap_mib,").contains(",tables_mib,", ",plain_table_mib,");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line ->
                        assertThat(line.split(",")).hasSameSizeAs(lines.get(0).split(",")));
        assertThat(folder.resolve("soak-db_primary.svg"))
                .content()
                .contains("pending records", "a plain table and its index", "p99, µs", "<polyline");
        assertThat(folder.resolve("soak-db_primary.md"))
                .content()
                .contains("| heap after a collection, MiB |", "| calls a second |")
                .doesNotContain("NaN", "Infinity");
    }
}
