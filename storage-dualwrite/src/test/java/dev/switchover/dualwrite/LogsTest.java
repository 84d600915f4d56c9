package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names of loggers are for the people who set levels, so they are written down and do not follow a class that is renamed. */
class LogsTest {

    private static final Pattern MADE = Pattern.compile("getLogger\\(([^)]*)\\)");
    private static final Pattern TOLD = Pattern.compile("(?m)^\\| `(dev\\.switchover\\.[a-z]+)` \\|");

    @Test
    void everyLoggerHasAStableNameThatThePageOnLogsTells() throws IOException {
        Set<String> made = new TreeSet<>();
        for (String module : List.of("storage-api", "storage-json", "storage-postgres", "storage-dualwrite")) {
            Path sources = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    Matcher logger = MADE.matcher(Files.readString(file));
                    while (logger.find()) {
                        assertThat(logger.group(1))
                                .as("the name of a logger in %s", file)
                                .matches("\"dev\\.switchover\\.[a-z]+\"");
                        made.add(logger.group(1).replace("\"", ""));
                    }
                }
            }
        }
        Set<String> told = new TreeSet<>();
        Matcher row = TOLD.matcher(Files.readString(Path.of("..", "docs", "logs.md")));
        while (row.find()) {
            told.add(row.group(1));
        }
        assertThat(told).isEqualTo(made).contains("dev.switchover.mirror");
    }
}
