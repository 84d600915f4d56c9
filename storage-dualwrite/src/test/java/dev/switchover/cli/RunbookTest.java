package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runbook is true: its commands are run as written, and it has a remedy for each refusal. */
class RunbookTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("(?m)^\\| (`[A-Z-]+`(?:, `[A-Z-]+`)*) \\|");

    @TempDir
    Path folder;

    @Test
    void everyCommandRunsAsWrittenAndNothingIsLost() throws IOException {
        List<String> lines = BLOCK.matcher(Files.readString(DOCS.resolve("runbook.md")))
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(40);

        try (TestDatabase database = TestDatabase.create();
                RunbookReplay replay = new RunbookReplay(folder, database)) {
            for (String line : lines) {
                replay.run(line);
            }
            replay.assertNothingIsLost();
        }
    }

    @Test
    void everyRefusalHasARemedy() throws IOException {
        assertThat(codes("runbook.md")).containsAll(codes("refusals.md"));
    }

    private static List<String> codes(String page) throws IOException {
        return CODE.matcher(Files.readString(DOCS.resolve(page)))
                .results()
                .map(MatchResult::group)
                .flatMap(cell -> Pattern.compile("`([A-Z-]+)`").matcher(cell).results())
                .map(code -> code.group(1))
                .collect(Collectors.toList());
    }
}
