package dev.switchover.dualwrite.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    Path directory;

    @Test
    void filesKeepTheNewestAndForgetTheOldest() throws IOException {
        Files.createDirectory(directory.resolve(".switchover"));
        ReportFiles files = new ReportFiles(directory);
        for (int i = 0; i < 5; i++) {
            files.add(report("verify", "expenses", i), 3);
            files.add(report("verify", "expenses-2", i), 3);
        }
        assertThat(files.last("verify", "expenses", 10))
                .extracting(report -> report.number("n", -1))
                .containsExactly(4L, 3L, 2L);
        assertThat(files.last("verify", "expenses", 1)).hasSize(1);
        assertThat(files.last("repair", "expenses", 10)).isEmpty();
    }

    @Test
    void whereNothingWasEverKeptNothingIsWritten() {
        new ReportFiles(directory).add(report("verify", "expenses", 1), 3);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theTableIsUsedWhereThereIsOneAndBothAreRead() throws IOException {
        Files.createDirectory(directory.resolve(".switchover"));
        try (TestDatabase database = TestDatabase.create();
                PostgresStore postgres =
                        PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(database.url())), List.of())) {
            ReportFiles files = new ReportFiles(directory);
            Reports reports = new Reports(files, postgres.reports());
            // No table yet: the report is kept nevertheless.
            reports.add(report("verify", "expenses", 1));
            assertThat(files.last("verify", "expenses", 10)).hasSize(1);
            postgres.prepare();
            for (int i = 2; i < 104; i++) {
                reports.add(report("verify", "expenses", i));
            }
            assertThat(files.last("verify", "expenses", 10)).hasSize(1);
            assertThat(reports.last("verify", "expenses", 1_000))
                    .hasSize(101)
                    .first()
                    .satisfies(newest -> assertThat(newest.number("n", -1)).isEqualTo(103));
            assertThat(reports.lastTime("verify", "expenses")).isEqualTo(NOON.plusSeconds(103));
            assertThat(reports.last("export", "expenses")).isEmpty();
        }
    }

    private static Report report(String kind, String collection, int n) {
        return new Report(kind, collection, NOON.plusSeconds(n), "{\"n\":" + n + "}");
    }
}
