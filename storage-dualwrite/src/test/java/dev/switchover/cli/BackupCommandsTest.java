package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandsTest {

    @TempDir
    Path directory;

    private ServiceUnderTest service;
    private Shell shell;

    @BeforeEach
    void begin() {
        service = new ServiceUnderTest(directory, (String) null);
        shell = Shell.of(directory, EXPENSES, NOTES);
    }

    private String create() throws IOException {
        return shell.run("backup", "create", "--json")
                .exits(ExitCode.DONE)
                .json()
                .path("name")
                .asText();
    }

    @Test
    void onlyTheKindsTheHelpNamesAreMade() {
        assertThat(shell.run("backup", "create", "--help").out()).contains("manual (the default) or scheduled");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "before"));
            for (String kind : new String[] {"manual", "scheduled"}) {
                assertThat(shell.run("backup", "create", "--kind", kind)
                                .exits(ExitCode.DONE)
                                .out())
                        .contains("-" + kind);
            }
            for (String kind : new String[] {"emergency", "before-restore", "BEFORE_SWITCHOVER", "daily"}) {
                assertThat(shell.run("backup", "create", "--kind", kind)
                                .exits(ExitCode.USAGE)
                                .err())
                        .contains("--kind", "MANUAL, SCHEDULED");
            }
            assertThat(storage.backups().list()).hasSize(2);
        }
    }

    @Test
    void aBackupGoesRoundBesideARunningService() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "before"));
            String name = create();
            assertThat(shell.run("backup", "list").exits(ExitCode.DONE).out()).contains(name, "1 records");
            assertThat(shell.run("backup", "verify").exits(ExitCode.DONE).out()).contains("sound", name);
            assertThat(shell.run("backup", "stats").exits(ExitCode.DONE).out()).contains("1 backups", "manual 1");

            storage.repository(NOTES).save(new Note("a", "after"));
            storage.repository(NOTES).save(new Note("b", "new"));
            JsonNode plan = shell.run("backup", "restore", "1", "--dry-run", "--json")
                    .exits(ExitCode.FOUND)
                    .json();
            assertThat(plan.at("/plan/collections/1/changed").asLong()).isEqualTo(1);
            assertThat(plan.at("/plan/collections/1/removedIds/0").asText()).isEqualTo("b");
            shell.run("backup", "restore", "1").exits(ExitCode.NOT_CONFIRMED);
            assertThat(storage.repository(NOTES).findAll()).hasSize(2);

            assertThat(shell.run("backup", "restore", "1", "--yes")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("before-restore", "no mirror lacks any of it");
            assertThat(storage.repository(NOTES).findAll()).containsExactly(new Note("a", "before"));
            shell.run("backup", "restore", name, "--yes").exits(ExitCode.DONE);
            assertThat(shell.run("backup", "list").exits(ExitCode.DONE).out().lines())
                    .as("what changes nothing needs no safety")
                    .hasSize(2);
        }
    }

    @Test
    void aDamagedBackupEndsWithAnExitCode() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "before"));
        }
        Path file = directory.resolve("backups").resolve(create());
        Files.writeString(file, Files.readString(file).replace("before", "beford"));
        assertThat(shell.run("backup", "verify", "1").exits(ExitCode.FOUND).out())
                .contains("NOT SOUND", "checksum")
                .doesNotContain("beford");
        shell.run("backup", "restore", "1", "--yes").exits(ExitCode.REFUSED);
        shell.run("backup", "restore", "nothing").exits(ExitCode.REFUSED);
    }

    @Test
    void cleaningSaysWhatItWouldDo() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "x"));
        }
        String first = create();
        create();
        JsonNode would = shell.run("backup", "clean", "--keep-count", "1", "--dry-run", "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(would.at("/removed/0").asText()).isEqualTo(first);
        assertThat(directory.resolve("backups").resolve(first)).exists();
        shell.run("backup", "clean").exits(ExitCode.DONE);
        shell.run("backup", "clean", "--keep-days", "-30").exits(ExitCode.USAGE);
        assertThat(directory.resolve("backups").resolve(first))
                .as("younger than 30 days")
                .exists();
        shell.run("backup", "clean", "--keep-count", "1").exits(ExitCode.DONE);
        assertThat(directory.resolve("backups").resolve(first)).doesNotExist();
    }

    @Test
    void cleaningFromAShellKeepsWhatTheVariablesSay() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "x"));
        }
        String first = create();
        String second = create();
        shell.set("SWITCHOVER_BACKUP_CLEAN", "false");
        shell.set("SWITCHOVER_BACKUP_KEEP_COUNT", "2");
        shell.run("backup", "clean").exits(ExitCode.DONE);
        assertThat(directory.resolve("backups").resolve(first)).exists();
        shell.run("backup", "create", "--clean").exits(ExitCode.DONE);
        assertThat(directory.resolve("backups").resolve(first)).doesNotExist();
        assertThat(directory.resolve("backups").resolve(second)).exists();
    }

    @Test
    void filesFromBeforeTheLibraryLackNothing() throws IOException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"a\", \"text\": \"x\"}]");
        create();
        assertThat(shell.run("backup", "recover").exits(ExitCode.DONE).out()).contains("Nothing is missing");
    }

    @Test
    void whatWasLostIsFoundListedAndBroughtBack() throws IOException {
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "x"));
            create();
            storage.repository(NOTES).delete("a");
            assertThat(shell.run("backup", "recover").exits(ExitCode.FOUND).out())
                    .contains("missing: a");
            assertThat(shell.run("backup", "recover", "--list")
                            .exits(ExitCode.FOUND)
                            .out())
                    .contains("\"id\":\"a\"");
            shell.run("backup", "recover", "--restore").exits(ExitCode.NOT_CONFIRMED);
            assertThat(storage.repository(NOTES).findAll()).isEmpty();
            shell.run("backup", "recover", "--restore", "--yes").exits(ExitCode.DONE);
            assertThat(storage.repository(NOTES).findAll()).containsExactly(new Note("a", "x"));
            shell.run("backup", "recover").exits(ExitCode.DONE);
        }
    }
}
