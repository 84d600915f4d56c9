package dev.switchover.examples.expenses.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets a child process write and kills it in the middle. */
final class Killing {

    private static final int PATIENCE_SECONDS = 60;

    private Killing() {}

    /**
     * @param acknowledgements after how many of them the child is killed; those still on their way are read too
     * @return how many there were
     * @throws IllegalStateException if the child ended by itself
     */
    static int run(
            Path directory,
            Map<String, String> environment,
            Path records,
            String tag,
            AckJournal journal,
            int acknowledgements,
            Path log)
            throws IOException {
        Process child = start(directory, environment, records, tag, log);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            int acknowledged = 0;
            boolean killed = false;
            for (String line = wholeLine(lines); line != null; line = wholeLine(lines)) {
                if (AckLines.read(line, journal)) {
                    acknowledged++;
                }
                if (!killed && acknowledged >= acknowledgements) {
                    // SIGKILL. By its handle, as Process.destroyForcibly() would close the pipe with what was
                    // acknowledged.
                    child.toHandle().destroyForcibly();
                    killed = true;
                }
            }
            if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !killed) {
                throw new IllegalStateException(
                        "The child process ended by itself after " + acknowledged + " acknowledgements; see " + log);
            }
            return acknowledged;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } finally {
            child.destroyForcibly();
        }
    }

    private static Process start(Path directory, Map<String, String> environment, Path records, String tag, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"));
        command.add("-Ddemo.log=" + System.getProperty("demo.log"));
        command.add(ChildWriter.class.getName());
        command.addAll(List.of(directory.toString(), records.toString(), tag));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("FF_")
                        || name.startsWith("DATABASE_URL")
                        || name.startsWith("USE_DATABASE")
                        || name.startsWith("SWITCHOVER_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Null at the end; a line that the kill has torn is none. */
    private static @Nullable String wholeLine(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }
}
