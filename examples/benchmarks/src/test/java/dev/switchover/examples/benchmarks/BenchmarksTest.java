package dev.switchover.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.postgres.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That everything can be measured; nothing about how fast it is. */
class BenchmarksTest {

    @TempDir
    Path folder;

    @Test
    void savesAndFindsAreMeasuredAndReported() throws Exception {
        Path out = measured("phases", "columns", "files", "router");
        assertThat(out.resolve("report.md"))
                .content()
                .contains("| arguments | phases columns files router |")
                .contains("## save, records of 300 bytes, 1 thread")
                .contains("## findById, records of 300 bytes, 2 threads")
                .contains("## save into a file, records of 300 bytes, 1 thread")
                .contains("| DB_ONLY, p50 | raw pgJDBC | ≤ 1.15 |")
                .contains("time of one findById that finds nothing | JSON_ONLY | LaunchDarkly, off | ≤ 0.15 |")
                .contains("bytes allocated by one findById | JSON_ONLY | LaunchDarkly, off | ≤ 0.15 |")
                .contains("bytes allocated by one save | JSON_ONLY | LaunchDarkly, off | ≤ 0.15 |");
        assertThat(out.resolve("plot-01.svg")).content().startsWith("<svg").endsWith("</svg>\n");
        assertThat(Files.readAllLines(out.resolve("slots.csv")))
                .hasSizeGreaterThan(Scale.SMOKE.calls().rounds());
    }

    @Test
    void wholeJobsAreMeasuredAndReported() throws Exception {
        assertThat(measured("heap", "jobs").resolve("report.md"))
                .content()
                .contains("| an open JSON store | the file | ≤ 1.60 |")
                .contains("| verify by an operator, at most | wanted of a verify | ≤ 1.00 |")
                .contains("| verify by a service, besides its open store, at most | wanted of a verify | ≤ 1.00 |")
                .contains("## open a JSON store, 100 records of 300 bytes")
                .contains("| limit: the file hashed, and taken apart beside it |");
    }

    @Test
    void whatCostGrowsWithIsMeasuredAndReported() throws Exception {
        assertThat(measured("network", "sizes", "checkpoint").resolve("report.md"))
                .content()
                .contains("## save, 0 ms more for a round trip to the database, 2 threads")
                .contains("## save, 1 ms more for a round trip to the database, 2 threads")
                .contains("## save in DB_PRIMARY, by number, 1 thread")
                .contains("## findById in JSON_ONLY, by size, 1 thread")
                .contains("checkpoints back to back, p99 | without | ≤ 4.00 |");
    }

    /** Closing without the mirror takes its time. */
    @Test
    @Tag("slow")
    void outagesAreMeasuredAndReported() throws Exception {
        assertThat(measured("catch-up", "mirror-away").resolve("report.md"))
                .content()
                .contains("## catch up with 50 pending records")
                .contains("## save, mirror away, 2 threads")
                .contains("JSON_PRIMARY, database hangs, p99 | DB_ONLY | ≤ 1.20 |")
                .contains("| DB_PRIMARY, directory away to limit: upserts with marks, shared |");
    }

    /** As the command does it, with the heap of two gibibytes that every scenario gets. */
    @Test
    @Tag("slow")
    void aScenarioIsMeasuredInAProcessOfItsOwn() throws Exception {
        Scenario router = Benchmarks.chosen(List.of("router")).get(0);
        assertThat(Fork.run(router, List.of("smoke"), folder).sections()).isNotEmpty();
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> Fork.run(router, List.of("no such scale"), folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("process of its own");
    }

    @Test
    void scenariosAreMeasuredInOneOrderHoweverTheyAreNamed() {
        assertThat(Benchmarks.chosen(List.of("router", "jobs", "phases")))
                .extracting(Scenario::name)
                .containsExactly("phases", "router", "jobs");
    }

    @Test
    void whatNeedsPsqlIsSaidToBeLeftOutWhereThereIsNone() {
        List<Scenario> all = Benchmarks.chosen(List.of());
        assertThat(Benchmarks.leftOut(all, false)).singleElement().asString().contains("jobs", "psql");
        assertThat(Benchmarks.leftOut(all, true)).isEmpty();
        assertThat(Benchmarks.leftOut(Benchmarks.chosen(List.of("router")), false))
                .isEmpty();
    }

    private Path measured(String... scenarios) throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Server server = Server.at(Databases.of(database))) {
            Path out = folder.resolve("out");
            Path report = Benchmarks.run(new Bench(Scale.SMOKE, server, folder, line -> {}), List.of(scenarios), out);
            assertThat(report).content().doesNotContain("NaN").doesNotContain("Infinity");
            return out;
        }
    }
}
