package dev.switchover.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.postgres.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That everything can be measured; nothing about how fast it is. */
class BenchmarksTest {

    @TempDir
    Path folder;

    @Test
    void everyScenarioRunsAndIsReported() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Server server = Server.at(of(database))) {
            Path report = Benchmarks.run(new Bench(Scale.SMOKE, server, folder, line -> {}), folder.resolve("out"));
            assertThat(report)
                    .content()
                    .contains("## save, records of 300 bytes, 1 thread")
                    .contains("## findById, records of 300 bytes, 2 threads")
                    .contains("## save into a file, records of 300 bytes, 1 thread")
                    .doesNotContain("NaN")
                    .doesNotContain("Infinity");
            assertThat(Files.readAllLines(folder.resolve("out").resolve("slots.csv")))
                    .hasSizeGreaterThan(Scale.SMOKE.calls().rounds());
        }
    }

    private static Database of(TestDatabase database) {
        URI uri = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        return new Database(
                uri.getHost(), uri.getPort(), uri.getPath().substring(1), database.user(), database.password());
    }
}
