package dev.switchover.examples.videos;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What web page and command line are told; what the storage is told ({@code FF_…}, {@code DATABASE_URL}, {@code SWITCHOVER_…}) it
 * reads itself.
 *
 * @param port 0 for any that is free
 * @param adminToken null if nobody may write over HTTP
 * @param web where the command line finds the running web process
 */
record Settings(
        String host, int port, Path dataDirectory, @Nullable String adminToken, URI web) {

    /** @throws InvalidSettingsException with every problem found; an empty variable counts as unset */
    static Settings read(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        int port = port(value(environment, "PORT", "8000"), problems);
        String host = value(environment, "HOST", "127.0.0.1");
        Path directory = directory(value(environment, "DATA_DIR", "data"), problems);
        URI web = uri(value(environment, "VIDEOS_URL", "http://127.0.0.1:" + port), problems);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        String token = value(environment, "ADMIN_TOKEN", "");
        return new Settings(host, port, directory, token.isEmpty() ? null : token, web);
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

    private static URI uri(String text, List<String> problems) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as for one that is no web address.
        }
        problems.add("VIDEOS_URL is no web address; write http://host:port");
        return URI.create("http://127.0.0.1");
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Settings[host=" + host + ", port=" + port + ", dataDirectory=" + dataDirectory + ", adminToken="
                + (adminToken == null ? "none" : "set") + ", web=" + web + "]";
    }
}
