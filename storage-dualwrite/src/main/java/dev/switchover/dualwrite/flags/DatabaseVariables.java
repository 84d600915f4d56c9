package dev.switchover.dualwrite.flags;

import dev.switchover.storage.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * @throws ConfigurationException if the file cannot be read or is empty, or both are set and differ
     */
    public static Optional<String> url(Map<String, String> environment) {
        Optional<String> direct = Words.set(environment, URL).map(String::strip);
        Optional<String> fromFile = Words.set(environment, URL_FILE).map(DatabaseVariables::read);
        if (direct.isPresent() && fromFile.isPresent() && !direct.equals(fromFile)) {
            throw problem(URL + " and " + URL_FILE + " name different databases; unset one of them");
        }
        return direct.or(() -> fromFile);
    }

    private static String read(String file) {
        String content;
        try {
            content = Files.readString(Path.of(file.strip())).strip();
        } catch (IOException | InvalidPathException e) {
            throw problem(URL_FILE + ": the file cannot be read ("
                    + e.getClass().getSimpleName() + "); name a readable text file that holds the URL");
        }
        if (content.isEmpty()) {
            throw problem(URL_FILE + ": the file is empty; write the URL into it or unset the variable");
        }
        return content;
    }

    private static ConfigurationException problem(String text) {
        return new ConfigurationException(List.of(text));
    }
}
