package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verify and export in a process whose heap does not hold the rows; JSON, which it would hold, has none of them. */
class LittleMemoryTest {

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    /** What an operator does in a process of its own. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            ServiceUnderTest service = new ServiceUnderTest(Path.of(arguments[0]), arguments[1]);
            try (Operator operator = service.operator(Phase.DB_ONLY)) {
                VerificationReport report = operator.verify("notes", step -> {}, finding -> {});
                System.out.println("verified " + report.compared() + ", not mirrored " + report.notMirrored());
                System.out.println("exported "
                        + operator.exportTo(Path.of(arguments[2]), List.of("notes"), RequestProgress.NONE)
                                .records());
            }
        }
    }

    @Test
    void moreThanTheHeapHoldsIsVerifiedAndExported() throws Exception {
        run(10_000, 4_000, "32m");
    }

    @Tag("slow")
    @Test
    void aMillionIsVerifiedAndExported() throws Exception {
        run(1_000_000, 300, "64m");
    }

    private void run(int records, int length, String heap) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            new ServiceUnderTest(directory, database).open(Phase.DB_ONLY).close();
            insert(database, records, length);

            assertThat(child(heap, database))
                    .contains("verified " + records + ", not mirrored " + records, "exported " + records);
            assertThat(Files.size(elsewhere.resolve("notes.json"))).isGreaterThan((long) records * length);
        }
    }

    private static void insert(TestDatabase database, int records, int length) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO notes (id, body) SELECT 'n' || i, ('{\"id\":\"n' || i || '\",\"text\":\"' || repeat('x', "
                            + length + ") || '\"}')::json FROM generate_series(1, " + records + ") AS i");
        }
    }

    private String child(String heap, TestDatabase database) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString(),
                        database.url(),
                        elsewhere.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }
}
