package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightCommandTest {

    @TempDir
    Path directory;

    @Test
    void whatIsRefusedIsListedAndEndsWithOne() throws IOException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"a\", \"text\": \"\\u0000\"}, {\"id\": \"b\"}]");
        Shell shell = Shell.of(directory, EXPENSES, NOTES);

        assertThat(shell.run("preflight").exits(ExitCode.FOUND).out())
                .contains("REFUSED RECORD_MALFORMED JSON notes", "id a", "at /text", "Not passed");
        JsonNode json = shell.run("preflight", "--json").exits(ExitCode.FOUND).json();
        assertThat(json.path("command").asText()).isEqualTo("preflight");
        assertThat(json.path("outcome").asText()).isEqualTo("found");
        assertThat(json.path("passed").asBoolean(true)).isFalse();
        JsonNode notes = json.path("collections").path(1);
        assertThat(notes.path("refused").asLong()).isEqualTo(1);
        assertThat(notes.path("findings").path(0).path("id").asText()).isEqualTo("a");
        assertThat(notes.path("findings").path(0).path("path").asText()).isEqualTo("/text");
    }

    @Test
    void goodFilesPass() throws IOException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"a\", \"text\": \"x\", \"more\": 1}]");
        Shell shell = Shell.of(directory, EXPENSES, NOTES);

        assertThat(shell.run("preflight").exits(ExitCode.DONE).out()).contains("PROPERTY_UNKNOWN", "Passed.");
        assertThat(shell.run("preflight", "--severity", "refused")
                        .exits(ExitCode.DONE)
                        .out())
                .doesNotContain("PROPERTY_UNKNOWN");
    }
}
