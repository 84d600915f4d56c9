package dev.switchover.examples.benchmarks.stage;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One database on the server, for one alternative. */
public record Database(String host, int port, String name, String user, String password) {

    /** As people write {@code DATABASE_URL}. */
    public String url() {
        return "postgresql://" + encode(user) + ":" + encode(password) + "@" + host + ":" + port + "/" + name;
    }

    /** As the driver wants it, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    /** The same, reached by another way. */
    public Database at(String otherHost, int otherPort) {
        return new Database(otherHost, otherPort, name, user, password);
    }

    /** For a child process; back by {@link #ofWords}. */
    public List<String> words() {
        return List.of(host, Integer.toString(port), name, user, password);
    }

    public static Database ofWords(List<String> words) {
        return new Database(words.get(0), Integer.parseInt(words.get(1)), words.get(2), words.get(3), words.get(4));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Database[" + host + ":" + port + "/" + name + "]";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
