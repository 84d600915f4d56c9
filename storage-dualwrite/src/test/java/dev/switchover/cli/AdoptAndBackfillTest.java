package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdoptAndBackfillTest extends CommandTest {

    @BeforeEach
    void mirrored() {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
    }

    @Test
    void adoptingSettlesWhatAStartIsRefusedForAndKeepsWhatTheOtherHad() throws IOException, SQLException {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).create(new Note("a", "in the database"));
        }
        // The directory was lost, and files of other content stand there.
        deleteHidden();
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"b\", \"text\": \"in the file\"}]");
        assertThat(shell.run("plan", "--phase", "json-only").out()).contains("notes");

        assertThat(shell.run("adopt", "json").exits(ExitCode.NOT_CONFIRMED).err())
                .contains("JSON is taken to be right", "--yes");
        assertThat(shell.run("adopt", "both").exits(ExitCode.USAGE).err()).contains("adopt --help");
        shell.run("adopt", "json", "--yes").exits(ExitCode.DONE);

        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(NOTES).findAll()).extracting(Note::id).containsExactly("b");
        }
        try (Stream<Path> aside = Files.list(directory.resolve(".switchover/aside"))) {
            assertThat(aside.map(file -> read(file))).anyMatch(text -> text.contains("in the database"));
        }
    }

    @Test
    void nothingIsAdoptedWhereTheGuardKnowsWhoIsRight() {
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            storage.repository(NOTES).create(new Note("a", "in the database"));
        }
        assertThat(shell.run("adopt", "json", "--yes").exits(ExitCode.REFUSED).err())
                .contains("nothing to settle");
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            assertThat(storage.repository(NOTES).count()).isEqualTo(1);
        }
    }

    @Test
    void aBackfillChangesNoAuthority() {
        service.open(Phase.JSON_PRIMARY).close();
        shell.set("FF_USE_DATABASE_STORAGE", "true");
        assertThat(shell.run("backfill").exits(ExitCode.USAGE).err()).contains("plan");
        assertThat(shell.run("status", "--json")
                        .json()
                        .path("collections")
                        .path(0)
                        .path("json")
                        .path("state")
                        .asText())
                .isEqualTo("ACTIVE");
    }

    @Test
    void aBackfillIsDoneAloneOrWaitedFor() throws SQLException {
        service.open(Phase.JSON_ONLY).close();
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(EXPENSES).create(expense("1.10"));
            shell.unset("FF_DUAL_WRITE_ENABLED");
            assertThat(shell.run("backfill").exits(ExitCode.USAGE).err()).contains("DUAL_WRITE_ENABLED");
            shell.set("FF_DUAL_WRITE_ENABLED", "true");
        }
        assertThat(shell.run("backfill", "--json")
                        .exits(ExitCode.DONE)
                        .json()
                        .path("byService")
                        .asBoolean(true))
                .isFalse();
        assertThat(rows()).isEqualTo(1);
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(EXPENSES).create(expense("2.20"));
            assertThat(shell.run("backfill", "--json")
                            .exits(ExitCode.DONE)
                            .json()
                            .path("byService")
                            .asBoolean())
                    .isTrue();
            assertThat(rows()).isEqualTo(2);
        }
    }

    private long rows() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM expenses")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void deleteHidden() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
