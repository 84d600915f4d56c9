package dev.switchover.dualwrite.export;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.StartRefusedException;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes killed with signal 9 at any moment of exports and retirements, while what they export changes as a whole: whatever they
 * leave, each file is of one moment, and the next start has everything.
 */
@Tag("slow")
class ExportKillTest {

    private static final int KILLS = Integer.getInteger("switchover.export.kills", 12);
    private static final int RECORDS = 400;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    /** All records carry the number of the round, so that half a file shows. */
    private static void write(SwitchoverStorage storage, int round) {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            notes.add(new Note("n" + i, "round " + round));
        }
        storage.repository(NOTES).saveAll(notes);
    }

    private static void assertOfOneMoment(Path file) throws Exception {
        if (!Files.exists(file)) {
            return;
        }
        String text = Files.readString(file);
        List<String> rounds = text.lines()
                .filter(line -> line.contains("round "))
                .map(line -> line.replaceAll(".*round (\\d+).*", "$1"))
                .distinct()
                .toList();
        assertThat(rounds).as("rounds in %s", file).hasSizeLessThanOrEqualTo(1);
        assertThat(text.strip()).as("whole").endsWith("]");
        if (!rounds.isEmpty()) {
            assertThat(text.split("round ", -1)).hasSize(RECORDS + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "retire"})
    void whateverAKillLeavesIsWholeAndNothingIsLost(String what) throws Exception {
        Random random = new Random(7);
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                write(storage, 0);
                storage.awaitInSync(Duration.ofMinutes(1));
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                    write(storage, kill);
                }
                killWhileItWorks(what, database.url(), random);
                assertOfOneMoment(directory.resolve("notes.json"));
                assertOfOneMoment(elsewhere.resolve("out/notes.json"));
                if (random.nextBoolean()) {
                    try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
                        String round = "round " + kill;
                        assertThat(storage.repository(NOTES).list(Query.all()))
                                .hasSize(RECORDS)
                                .allMatch(note -> note.text().equals(round));
                    } catch (StartRefusedException e) {
                        assertThat(e.code()).isEqualTo("JSON-RETIRED");
                        assertThat(what).isEqualTo("retire");
                    }
                }
            }
        }
    }

    private void killWhileItWorks(String what, String url, Random random) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportChild.class.getName(),
                        what,
                        directory.toString(),
                        url,
                        elsewhere.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            int rounds = random.nextInt(3);
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals("BEGIN") && rounds-- == 0) {
                    break;
                }
            }
            LockSupport.parkNanos(random.nextInt(400) * 1_000_000L);
            child.destroyForcibly();
            child.waitFor();
        }
    }
}
