package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store that cannot be compared is answered with: nobody is to wait for files that were archived or are damaged. */
class RetiredCommandsTest extends CommandTest {

    @TempDir
    Path archive;

    @BeforeEach
    void mirrored() {
        try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "x"));
            assertThat(storage.awaitInSync(Duration.ofSeconds(40))).isTrue();
        }
    }

    private void retire() {
        service.open(Phase.DB_ONLY).close();
        shell.set("FF_USE_DATABASE_STORAGE", "true");
        shell.run("retire", archive.toString(), "--yes").exits(ExitCode.DONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "repair", "repair --dry-run", "repair --yes", "rollback-check"})
    void nothingIsComparedWithRetiredFiles(String command) {
        retire();

        JsonNode answer = shell.run((command + " --json").split(" "))
                .exits(ExitCode.REFUSED)
                .json();

        JsonNode told = answer.has("error")
                ? answer.path("error")
                : answer.path("collections").path(0);
        assertThat(told.path("code").asText()).isEqualTo("JSON-RETIRED");
        assertThat(told.path("remedy").asText()).contains("export all collections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "repair --dry-run", "repair --yes"})
    void damagedFilesAreUnreadable(String command) throws IOException {
        shell.set("FF_DUAL_WRITE_ENABLED", "true");
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": ");

        assertThat(shell.run(command.split(" ")).exits(ExitCode.UNREADABLE).err())
                .contains("notes.json");
    }

    @Test
    void theServiceSaysTheSame() {
        retire();
        try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> storage.verify(NOTES))
                    .hasMessageContaining("JSON-RETIRED");
        }
    }
}
