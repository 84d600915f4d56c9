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
    private static final Pattern CODE = Pattern.compile("(?m)^\\| (`[A-Z-]+`(?:, `[A-Z-]+`)*) \\|");

    @TempDir
    Path folder;

    @Test
    void everyCommandRunsAsWrittenAndNothingIsLost() throws IOException {
        try (TestDatabase database = TestDatabase.create();
                RunbookReplay replay = new RunbookReplay(folder, database, RunbookReplay::inProcess)) {
            replay.runAll(DOCS.resolve("runbook.md"));
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
