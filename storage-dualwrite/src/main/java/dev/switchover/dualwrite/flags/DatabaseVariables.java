package dev.switchover.dualwrite.flags;

import dev.switchover.storage.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code DATABASE_URL} and {@code DATABASE_URL_FILE}: the one as it is, or the content of the other. Never in a message. */
public final class DatabaseVariables {

    public static final String URL = "DATABASE_URL";
    public static final String URL_FILE = "DATABASE_URL_FILE";

    private DatabaseVariables() {}

    /** Whether a database is configured at all; reads no file. */
    public static boolean configured(Map<String, String> environment) {
        return Words.set(environment, URL).isPresent()
                || Words.set(environment, URL_FILE).isPresent();
    }

    /**
     * The URL as the user wrote it, unparsed; empty if neither variable is set.
     *
     * @param readFile the content of a file by its name; throws {@link ConfigurationException} if it cannot be read
     * @throws ConfigurationException if the file cannot be read or is empty, or both are set and differ
     */
    public static Optional<String> url(Map<String, String> environment, Function<String, String> readFile) {
        Optional<String> direct = Words.set(environment, URL).map(String::strip);
        Optional<String> fromFile = Words.set(environment, URL_FILE).map(file -> content(readFile.apply(file.strip())));
        if (direct.isPresent() && fromFile.isPresent() && !direct.equals(fromFile)) {
            throw problem(URL + " and " + URL_FILE + " name different databases; unset one of them");
        }
        return direct.or(() -> fromFile);
    }

    private static String content(String text) {
        String content = text.strip();
        if (content.isEmpty()) {
            throw problem(URL_FILE + ": the file is empty; write the URL into it or unset the variable");
        }
        return content;
    }

    private static ConfigurationException problem(String text) {
        return new ConfigurationException(List.of(text));
    }
}
