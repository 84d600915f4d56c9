package dev.switchover.examples.expenses;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service itself is told; what the storage is told ({@code FF_…}, {@code DATABASE_URL}, {@code SWITCHOVER_…})
 * it reads from the environment itself.
 *
 * @param port 0 for any that is free
 * @param adminToken null if there are to be no admin paths
 * @param embeddedDatabase whether to bring a PostgreSQL, kept in the data directory
 */
record ServiceSettings(
        String host, int port, Path dataDirectory, @Nullable String adminToken, boolean embeddedDatabase) {

    private static final String EMBEDDED_DATABASE = "--embedded-database";

    /**
     * Reads arguments and environment. An empty variable counts as unset.
     *
     * @throws InvalidSettingsException with every problem found
     */
    static ServiceSettings read(List<String> arguments, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        boolean embedded = false;
        for (String argument : arguments) {
            if (argument.equals(EMBEDDED_DATABASE)) {
                embedded = true;
            } else {
                problems.add("unknown argument \"" + argument + "\"; there are " + EMBEDDED_DATABASE + " and --help");
            }
        }
        int port = port(value(environment, "PORT", "8000"), problems);
        Path directory = directory(value(environment, "DATA_DIR", "data"), problems);
        if (embedded) {
            for (String name : List.of("DATABASE_URL", "DATABASE_URL_FILE")) {
                if (!value(environment, name, "").isEmpty()) {
                    problems.add(
                            name + " is set, but " + EMBEDDED_DATABASE + " brings its own database; use one of them");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        String token = value(environment, "ADMIN_TOKEN", "");
        return new ServiceSettings(
                value(environment, "HOST", "127.0.0.1"), port, directory, token.isEmpty() ? null : token, embedded);
    }

    private static int port(String text, List<String> problems) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, as for a number out of range.
        }
        problems.add("PORT is \"" + text + "\"; it must be a number from 0 (any free port) to 65535");
        return 0;
    }

    private static Path directory(String text, List<String> problems) {
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            problems.add("DATA_DIR is no path: " + e.getReason());
            return Path.of("");
        }
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "ServiceSettings[host=" + host + ", port=" + port + ", dataDirectory=" + dataDirectory + ", adminToken="
                + (adminToken == null ? "none" : "set") + ", embeddedDatabase=" + embeddedDatabase + "]";
    }
}
