package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.postgres.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar as it is shipped, in a process of its own, after packaging. */
class CommandLineJarIT {

    private static final Path JAR = Path.of(System.getProperty("switchover.cli.jar"));

    @TempDir
    Path folder;

    @Test
    void theJarHoldsAllItNeedsAndIsQuiet() throws IOException, InterruptedException {
        describeNotes("[{\"id\": \"a\"}]");
        try (TestDatabase database = TestDatabase.create()) {
            Ended ended = run(Map.of("DATABASE_URL", database.url()), "preflight", "--json");

            assertThat(ended.err()).isEmpty();
            assertThat(ended.exit()).isZero();
            assertThat(JsonMapper.builder()
                            .build()
                            .readTree(ended.out())
                            .path("passed")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void anUnreachableDatabaseIsToldInWordsAndWithoutThePassword() throws IOException, InterruptedException {
        describeNotes("[{\"id\": \"a\"}]");

        Ended ended = run(
                Map.of(
                        "DATABASE_URL",
                        "postgresql://user:s3cret@127.0.0.1:1/db",
                        "SWITCHOVER_CONNECTION_TIMEOUT",
                        "300ms"),
                "preflight");

        assertThat(ended.exit()).isEqualTo(ExitCode.FOUND.code());
        assertThat(ended.out()).contains("NOT_READ");
        assertThat(ended.out() + ended.err()).doesNotContain("s3cret", "\tat ", "Exception");
    }

    @Test
    void thePlainJarHasNoLoggingConfigurationThatAHostWouldFind() throws IOException {
        Path plain = Path.of(JAR.toString().replace("-cli.jar", ".jar"));
        try (JarFile shipped = new JarFile(plain.toFile());
                JarFile runnable = new JarFile(JAR.toFile())) {
            assertThat(shipped.getEntry("logback.xml")).isNull();
            assertThat(shipped.getEntry("picocli/CommandLine.class")).isNull();
            assertThat(runnable.getEntry("logback.xml")).isNotNull();
            assertThat(runnable.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("dev.switchover.cli");
        }
    }

    @Test
    @Tag("slow")
    void everyCommandOfTheRunbookRunsWithTheJar() throws IOException {
        try (TestDatabase database = TestDatabase.create();
                RunbookReplay replay = new RunbookReplay(folder, database, this::ask)) {
            replay.runAll(Path.of("..", "docs", "runbook.md"));
        }
    }

    private Shell.Answer ask(List<String> arguments, Map<String, String> environment) {
        try {
            Ended ended = run(environment, arguments.toArray(String[]::new));
            return new Shell.Answer(ended.exit(), ended.out(), ended.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void describeNotes(String content) throws IOException {
        Files.writeString(folder.resolve("notes.json"), content);
        Files.writeString(
                folder.resolve("switchover.json"),
                "{\"collections\": [{\"name\": \"notes\", \"idType\": \"string\"}]}");
    }

    private record Ended(int exit, String out, String err) {}

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        line.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FF_") || name.startsWith("SWITCHOVER_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
            return new Ended(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
