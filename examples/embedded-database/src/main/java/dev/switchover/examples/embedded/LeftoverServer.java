package dev.switchover.examples.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL that goes on running because the service that started it was killed. */
final class LeftoverServer {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverServer.class);
    private static final long STOP_SECONDS = 30;

    private LeftoverServer() {}

    /**
     * Stops the server of this data directory, if one runs, and waits for its end.
     *
     * @throws EmbeddedDatabaseException if it does not end in time
     */
    static void stop(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        Optional<ProcessHandle> process =
                lines.isEmpty() ? Optional.empty() : process(lines.get(0).strip());
        if (process.isEmpty()) {
            return;
        }
        if (!isPostgres(process.get())) {
            // The number went to somebody else after a reboot. PostgreSQL itself would refuse to start.
            Files.delete(file);
            return;
        }
        LOG.info(
                "Stopping the embedded PostgreSQL that a killed service left running, pid {}",
                process.get().pid());
        stop(process.get());
    }

    private static Optional<ProcessHandle> process(String pid) {
        try {
            return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Where the system does not tell, yes: PostgreSQL decides then. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("postgres"))
                .orElse(true);
    }

    private static void stop(ProcessHandle process) throws IOException {
        // SIGINT, as TERM waits until the last client has gone.
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start();
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new EmbeddedDatabaseException(
                    "The PostgreSQL that a killed service left running, pid " + process.pid() + ", does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedDatabaseException("Interrupted while PostgreSQL was stopping", e);
        }
    }
}
