package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.DatabaseVariables;
import dev.switchover.storage.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The file that {@code DATABASE_URL_FILE} names. What is in it never gets into a message. */
final class UrlFile {

    private UrlFile() {}

    /** @throws ConfigurationException if it cannot be read */
    static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(List.of(DatabaseVariables.URL_FILE + ": the file cannot be read ("
                    + e.getClass().getSimpleName() + "); name a readable text file that holds the URL"));
        }
    }
}
