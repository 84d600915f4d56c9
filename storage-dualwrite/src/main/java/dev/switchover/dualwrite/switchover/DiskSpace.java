package dev.switchover.dualwrite.switchover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much room there is where the JSON files are. */
@FunctionalInterface
public interface DiskSpace {

    /** Bytes this process may still write; empty if the file system does not say. */
    OptionalLong usable();

    /** Of the file system the directory is on. */
    static DiskSpace of(Path directory) {
        return () -> {
            try {
                return OptionalLong.of(Files.getFileStore(directory).getUsableSpace());
            } catch (IOException e) {
                return OptionalLong.empty();
            }
        };
    }
}
