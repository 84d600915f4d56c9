package dev.switchover.examples.materials.story;

import dev.switchover.examples.materials.MaterialsApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, as an operator runs it. Used by one thread. Closing stops it by SIGTERM. */
final class ServiceProcess implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @throws IOException if it does not start; its messages are in the log */
    static ServiceProcess start(Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MaterialsApplication.class.getName()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("FF_")
                        || name.startsWith("DATABASE_URL")
                        || name.startsWith("USE_DATABASE")
                        || name.startsWith("SWITCHOVER_"));
        builder.environment().putAll(environment);
        builder.environment().put("PORT", "0");
        builder.environment().put("LOGGING_LEVEL_ROOT", "INFO");
        Process process = builder.start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                drain(lines);
                return new ServiceProcess(process, Integer.parseInt(started.group(1)));
            }
        }
        throw new IOException("The service did not start:\n" + said);
    }

    /** A full pipe would stop the service. */
    private static void drain(BufferedReader lines) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (lines.readLine() != null) {}
                    } catch (IOException ended) {
                        // With the process.
                    }
                },
                "story-drain");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port;
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        await();
    }

    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The service did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
