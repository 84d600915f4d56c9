package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verify and export in processes whose heap holds no second copy of the records, or none at all. */
class LittleMemoryTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    /** What an operator does in a process of its own. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            ServiceUnderTest service = new ServiceUnderTest(Path.of(arguments[1]), arguments[2]);
            if (arguments[0].equals("verify")) {
                try (Operator operator = service.operator(Phase.JSON_PRIMARY)) {
                    VerificationReport report = operator.verify("notes", step -> {}, finding -> {});
                    System.out.println("verified " + report.compared() + " with drift " + report.drift());
                }
            } else {
                try (Operator operator = service.operator(Phase.DB_ONLY)) {
                    System.out.println("exported "
                            + operator.exportTo(Path.of(arguments[3]), List.of("notes"), RequestProgress.NONE)
                                    .records());
                }
            }
        }
    }

    @Test
    void moreThanTheHeapHoldsTwiceIsVerifiedAndMoreThanItHoldsIsExported() throws Exception {
        run(20_000, 2_000, "80m", "32m");
    }

    @Tag("slow")
    @Test
    void aMillionIsVerifiedAndExported() throws Exception {
        run(1_000_000, 300, "700m", "32m");
    }

    /**
     * @param verifyIn heap that holds the JSON files, as every process that reads them does, and not the rows beside them
     * @param exportIn heap that does not even hold the rows
     */
    private void run(int records, int length, String verifyIn, String exportIn) throws Exception {
        writeNotes(records, length);
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                assertThat(storage.awaitInSync(LONG)).isTrue();
            }
            sql(database, "UPDATE notes SET body = '{\"id\":\"n0000007\",\"text\":\"other\"}' WHERE id = 'n0000007'");
            assertThat(child(verifyIn, "verify", database)).contains("verified " + records + " with drift 1");

            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                assertThat(storage.repository(NOTES).count()).isEqualTo(records);
            }
            assertThat(child(exportIn, "export", database)).contains("exported " + records);
            assertThat(Files.readString(elsewhere.resolve("notes.json")))
                    .as("the same file, byte for byte")
                    .isEqualTo(Files.readString(directory.resolve("notes.json")));
        }
    }

    private void writeNotes(int records, int length) throws IOException {
        String text = "x".repeat(length);
        try (Writer file = Files.newBufferedWriter(directory.resolve("notes.json"))) {
            file.write("[\n");
            for (int i = 0; i < records; i++) {
                file.write(String.format(
                        "  {\"id\": \"n%07d\", \"text\": \"%s\"}%s\n", i, text, i + 1 < records ? "," : ""));
            }
            file.write("]\n");
        }
    }

    private String child(String heap, String what, TestDatabase database) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        what,
                        directory.toString(),
                        database.url(),
                        elsewhere.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        return said;
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
