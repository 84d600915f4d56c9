package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.storage.CollectionDefinition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A shell in front of the commands: an environment, a directory, and somebody at the terminal or not. Used by one thread. */
final class Shell {

    private final SwitchoverCommand command;
    private final Map<String, String> environment = new HashMap<>();
    private String typed = "";
    private boolean interactive;

    private Shell(SwitchoverCommand command) {
        this.command = command;
    }

    static Shell standalone() {
        return new Shell(SwitchoverCommand.standalone());
    }

    static Shell of(Path directory, CollectionDefinition<?, ?>... definitions) {
        return new Shell(SwitchoverCommand.of(definitions).directory(directory));
    }

    Shell set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Shell unset(String name) {
        environment.remove(name);
        return this;
    }

    /** From now on somebody sits at the terminal and answers every question with this. */
    Shell answering(String answer) {
        interactive = true;
        typed = answer + "\n";
        return this;
    }

    /** From now on nobody sits there. */
    Shell silent() {
        interactive = false;
        typed = "";
        return this;
    }

    Answer run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive);
        int exit = command.environment(environment).terminal(terminal).run(arguments);
        Answer answer = new Answer(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        assertThat(answer.out() + answer.err()).as("what the user sees").doesNotContain("\tat ", "Exception");
        return answer;
    }

    /** What a command printed and ended with. */
    record Answer(int exit, String out, String err) {

        Answer exits(ExitCode code) {
            assertThat(exit).as("exit code, after%n%s%s", out, err).isEqualTo(code.code());
            return this;
        }

        /** The one object on standard output; a second one, or a line beside it, fails. */
        JsonNode json() {
            try {
                JsonNode node = JsonMapper.builder()
                        .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build()
                        .readTree(out);
                assertThat(node.path("exitCode").asInt(-1)).isEqualTo(exit);
                return node;
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON: " + out + err, e);
            }
        }
    }
}
