package dev.switchover.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process leaves behind that ended without closing anything. */
final class Crash {

    private Crash() {}

    /** Copies a directory as it is at this moment, of a store that nobody writes just now. */
    static void copy(Path directory, Path target) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, target.resolve(directory.relativize(file).toString()));
            }
        }
    }
}
