package dev.switchover.examples.videos;

import dev.switchover.examples.embedded.EmbeddedDatabase;
import dev.switchover.examples.embedded.EmbeddedDatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The embedded PostgreSQL in the data directory. */
final class DatabaseBeside {

    private static final int LINE_OF_PORT = 3;

    private DatabaseBeside() {}

    /**
     * Starts it until the shutdown, or finds the one that a running web process has started.
     *
     * @throws InvalidSettingsException if another database is named too
     */
    static String url(Settings settings, Map<String, String> environment, Shutdown shutdown) throws IOException {
        for (String name : List.of("DATABASE_URL", "DATABASE_URL_FILE")) {
            if (!environment.getOrDefault(name, "").isEmpty()) {
                throw new InvalidSettingsException(
                        List.of(name + " is set, but --embedded-database brings its own database; use one of them"));
            }
        }
        try {
            return shutdown.closeAtEnd(EmbeddedDatabase.start(settings.dataDirectory()))
                    .url();
        } catch (EmbeddedDatabaseException e) {
            Path running = settings.dataDirectory().resolve("postgres/postmaster.pid");
            if (!Files.exists(running)) {
                throw e;
            }
            List<String> lines = Files.readAllLines(running);
            if (lines.size() <= LINE_OF_PORT) {
                throw e;
            }
            return "postgresql://postgres@127.0.0.1:" + lines.get(LINE_OF_PORT).strip() + "/postgres";
        }
    }
}
