package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.backup.BackedUp.SECTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.backup.BackedUp.Section;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that restores one of two backups after the other is killed at some instant: it is one or the other, whole. */
class RestoreCrashTest {

    private static final int RECORDS = 2_000;

    @TempDir
    Path directory;

    /** Restores the two backups in turn until it is killed; says which it begins, and which has been restored. */
    static final class Restoring {

        private Restoring() {}

        public static void main(String[] arguments) {
            BackedUp service = new BackedUp(Path.of(arguments[0]), arguments[2].equals("-") ? null : arguments[2]);
            try (SwitchoverStorage storage = service.open(Phase.valueOf(arguments[1]))) {
                System.out.println("OPEN");
                for (int i = 0; ; i++) {
                    String of = i % 2 == 0 ? "old" : "new";
                    System.out.println("BEGIN " + of);
                    storage.backups()
                            .restore(Path.of(arguments[0], of + ".json").toString(), List.of());
                    System.out.println("DONE " + of);
                    // The safety backups would fill the disk.
                    for (BackupFile file : storage.backups().list()) {
                        try {
                            Files.delete(file.toPath());
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                }
            }
        }
    }

    private static List<Note> notes(String text, int from, int to) {
        List<Note> notes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            notes.add(new Note(String.format("n%05d", i), text));
        }
        return notes;
    }

    private static List<Section> sections(String label) {
        return List.of(new Section("a", label), new Section("b", label));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void aKillLeavesTheOldDataOrTheNew(Phase phase) throws Exception {
        run(phase, 3);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Phase.class)
    void manyKillsLeaveTheOldDataOrTheNew(Phase phase) throws Exception {
        run(phase, 40);
    }

    private void run(Phase phase, int kills) throws Exception {
        try (TestDatabase database = TestDatabase.durable()) {
            BackedUp service = new BackedUp(directory, database.url());
            List<Note> old = notes("old", 0, RECORDS);
            List<Note> changed = notes("new", RECORDS / 2, RECORDS + RECORDS / 2);
            try (SwitchoverStorage storage = service.open(phase)) {
                storage.repository(NOTES).saveAll(changed);
                storage.repository(SECTIONS).saveAll(sections("new"));
                Files.move(storage.backups().create().toPath(), directory.resolve("new.json"));
                storage.repository(NOTES)
                        .deleteAll(changed.stream().map(Note::id).toList());
                storage.repository(NOTES).saveAll(old);
                storage.repository(SECTIONS).saveAll(sections("old"));
                Files.move(storage.backups().create().toPath(), directory.resolve("old.json"));
            }
            Random random = new Random(phase.ordinal());
            for (int i = 0; i < kills; i++) {
                String lastDone = killOne(phase, database.url(), random);
                try (SwitchoverStorage storage = service.open(phase)) {
                    List<Note> found = storage.repository(NOTES).findAll();
                    assertThat(found.equals(old) || found.equals(changed))
                            .as("after " + lastDone + " there are " + found.size() + " records")
                            .isTrue();
                    assertThat(storage.repository(SECTIONS).findAll())
                            .as("all collections of a store change in one step")
                            .isEqualTo(sections(found.equals(old) ? "old" : "new"));
                    assertThat(storage.awaitInSync(Duration.ofSeconds(60))).isTrue();
                }
                if (phase.mirrored()) {
                    service.assertBothStoresEqual();
                }
            }
        }
    }

    /** @return the last thing the child said */
    private String killOne(Phase phase, String url, Random random) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Restoring.class.getName(),
                        directory.toString(),
                        phase.name(),
                        url)
                .redirectError(directory.resolve("child.log").toFile())
                .start();
        String last = "";
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.startsWith("DONE")) {
                last = line;
                line = output.readLine();
            }
            assertThat(line)
                    .as(Files.readString(directory.resolve("child.log")))
                    .isNotNull();
            // Somewhere in the next restores.
            child.waitFor(random.nextInt(1_500), TimeUnit.MILLISECONDS);
            child.toHandle().destroyForcibly();
            for (line = output.readLine(); line != null; line = output.readLine()) {
                last = line;
            }
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        return last;
    }
}
