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
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What holds for every command. */
class CommandLineTest {

    @TempDir
    Path directory;

    @Command(name = "host")
    static final class Host {}

    @Test
    void aMisunderstoodCommandEndsWithTwoAndAHint() {
        Shell shell = Shell.of(directory, EXPENSES, NOTES);

        assertThat(shell.run().exits(ExitCode.USAGE).err()).contains("Name a command", "--help");
        assertThat(shell.run("prefligth").exits(ExitCode.USAGE).err()).contains("preflight");
        assertThat(shell.run("preflight", "--severity", "bad")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("--severity", "switchover preflight --help");
    }

    @Test
    void wrongSettingsAreAllToldAndThePasswordIsNot() {
        Shell shell = Shell.of(directory, EXPENSES, NOTES)
                .set("DATABASE_URL", "postgresql://user:s3cret@host:99999/db")
                .set("FF_DUAL_WRITE_ENABLED", "perhaps");

        Shell.Answer answer = shell.run("preflight").exits(ExitCode.USAGE);
        assertThat(answer.err())
                .contains("FF_DUAL_WRITE_ENABLED", "DATABASE_URL")
                .doesNotContain("s3cret");
        assertThat(answer.out()).isEmpty();
        JsonNode error =
                shell.run("preflight", "--json").exits(ExitCode.USAGE).json().path("error");
        assertThat(error.path("facts")).hasSize(2);
        assertThat(error.toString()).doesNotContain("s3cret");
    }

    @Test
    void everyCommandTeachesAndNamesTheExitCodes() {
        Shell shell = Shell.standalone();

        assertThat(shell.run("--help").exits(ExitCode.DONE).out()).contains("Exit codes", "preflight", "DATABASE_URL");
        assertThat(shell.run("--version").exits(ExitCode.DONE).out()).contains("Switchover");
        CommandLine line = SwitchoverCommand.standalone().commandLine();
        line.getSubcommands().forEach((name, sub) -> {
            if (sub.getSubcommands().isEmpty()) {
                assertThat(shell.run(name, "--help").exits(ExitCode.DONE).out())
                        .as(name)
                        .contains("Example", "--json", "--config");
            }
            sub.getSubcommands()
                    .forEach((inner, command) -> assertThat(shell.run(name, inner, "--help")
                                    .exits(ExitCode.DONE)
                                    .out())
                            .as(name + " " + inner)
                            .contains("Example", "--json", "--config"));
        });
    }

    @Test
    void aServiceMountsTheCommandsUnderItsOwn() throws IOException {
        Files.writeString(directory.resolve("notes.json"), "[{\"id\": \"a\", \"text\": \"\\u0000\"}]");
        CommandLine host = new CommandLine(new Host());
        host.addSubcommand(
                "storage",
                SwitchoverCommand.of(EXPENSES, NOTES)
                        .directory(directory)
                        .environment(java.util.Map.of())
                        .commandLine());

        assertThat(host.execute("storage", "preflight")).isEqualTo(ExitCode.FOUND.code());
    }

    @Test
    void withoutTheServicesClassesAFileDescribesTheCollections() throws IOException {
        Path file = Files.writeString(directory.resolve("switchover.json"), """
                {"collections": [{"name": "notes", "idType": "string", "in": "/notes"}]}
                """);
        Files.writeString(
                directory.resolve("notes.json"), "{\"title\": \"x\", \"notes\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}");

        assertThat(Shell.standalone()
                        .run("preflight", "--config", file.toString())
                        .exits(ExitCode.FOUND)
                        .out())
                .contains("ID_DUPLICATE");
        assertThat(Shell.standalone()
                        .run("preflight", "--config", "nowhere.json")
                        .exits(ExitCode.USAGE)
                        .err())
                .contains("nowhere.json");
    }
}
