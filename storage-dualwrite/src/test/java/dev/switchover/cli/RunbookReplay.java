package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the lines of the runbook's blocks: {@code switchover} in this process, {@code systemctl} on a service of this process that
 * writes a record after each start, {@code export} for both. Whatever else a block holds fails.
 */
final class RunbookReplay implements AutoCloseable {

    private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);

    private static final String FILE = """
            {
              "directory": "data",
              "collections": [
                {"name": "expenses", "idType": "long", "idGeneration": "sequence"},
                {"name": "contacts", "idType": "string", "shape": "object", "in": "/book/contacts", "encoding": "base64"}
              ]
            }
            """;

    private final Path folder;
    private final Runner runner;
    private final Map<String, String> environment = new TreeMap<>();
    private final ConfigurationFile description;
    private final List<Long> written = new ArrayList<>(List.of(1L, 2L));
    private @Nullable SwitchoverStorage service;

    /** Runs one command, in this process or in one of its own. */
    interface Runner {
        Shell.Answer run(List<String> arguments, Map<String, String> environment);
    }

    /** In this process. */
    static Shell.Answer inProcess(List<String> arguments, Map<String, String> environment) {
        Shell shell = Shell.standalone();
        environment.forEach(shell::set);
        return shell.run(arguments.toArray(String[]::new));
    }

    RunbookReplay(Path folder, TestDatabase database, Runner runner) throws IOException {
        this.folder = folder;
        this.runner = runner;
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("expenses.json"), "[{\"id\": 1, \"amount\": 1.10}, {\"id\": 2, \"amount\": 2}]");
        Files.writeString(
                data.resolve("contacts.json.b64"),
                java.util.Base64.getEncoder()
                        .encodeToString(
                                "{\"book\": {\"contacts\": {\"a\": {\"id\": \"a\"}}, \"owner\": \"x\"}}".getBytes()));
        this.description = ConfigurationFile.read(Files.writeString(folder.resolve("switchover.json"), FILE));
        export("DATABASE_URL", database.url());
    }

    /** Every line of every block, in order. */
    void runAll(Path page) throws IOException {
        List<String> lines = BLOCK.matcher(Files.readString(page))
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(40);
        lines.forEach(this::run);
        assertNothingIsLost();
    }

    private void run(String line) {
        String command =
                line.contains("#") ? line.substring(0, line.indexOf('#')).strip() : line;
        String expected =
                line.contains("#") ? line.substring(line.indexOf('#') + 1).strip() : "";
        String[] words = command.split(" +");
        switch (words[0]) {
            case "switchover" -> switchover(line, Arrays.copyOfRange(words, 1, words.length), expected);
            case "systemctl" -> systemctl(line, words[1], expected);
            case "export" -> export(words[1].split("=")[0], words[1].split("=")[1]);
            default -> throw new AssertionError("the runbook has a command nobody replays: " + line);
        }
    }

    private void switchover(String line, String[] arguments, String expected) {
        List<String> all = new ArrayList<>();
        for (String argument : arguments) {
            all.add(argument.startsWith("/") ? folder + argument : argument);
        }
        all.add("--config");
        all.add(folder.resolve("switchover.json").toString());
        Shell.Answer answer = runner.run(all, environment);
        String exits = expected.isEmpty() ? "exits with 0" : expected;
        assertThat("exits with " + answer.exit())
                .as("%s%n%s%s", line, answer.out(), answer.err())
                .isEqualTo(exits);
    }

    private void systemctl(String line, String what, String expected) {
        close();
        if (what.equals("stop")) {
            return;
        }
        if (expected.startsWith("refused: ")) {
            StartRefusedException refused = catchThrowableOfType(StartRefusedException.class, this::start);
            assertThat(refused).as(line).isNotNull();
            assertThat("refused: " + refused.code()).isEqualTo(expected);
            return;
        }
        SwitchoverStorage started = start();
        service = started;
        Map<String, Object> record = new LinkedHashMap<>(Map.of("amount", 3));
        written.add(((Number) expenses(started).create(record).get("id")).longValue());
    }

    private SwitchoverStorage start() {
        Switchover.Builder builder =
                Switchover.builder().directory(folder.resolve("data")).environment(environment);
        description.collections().forEach(builder::collection);
        return builder.open();
    }

    private void assertNothingIsLost() {
        close();
        try (SwitchoverStorage storage = start()) {
            assertThat(expenses(storage).findAll())
                    .extracting(record -> ((Number) record.get("id")).longValue())
                    .containsExactlyElementsOf(written);
            assertThat(storage.status().collections()).allMatch(each -> each.parked() == 0);
        }
    }

    @SuppressWarnings("unchecked") // As the configuration file says.
    private Repository<Map<String, Object>, Long> expenses(SwitchoverStorage storage) {
        return storage.repository((CollectionDefinition<Map<String, Object>, Long>)
                description.collections().get(0));
    }

    private void export(String name, String value) {
        environment.put(name, value);
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
            service = null;
        }
    }
}
