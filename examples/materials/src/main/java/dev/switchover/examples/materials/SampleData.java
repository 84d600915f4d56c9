package dev.switchover.examples.materials;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small renovation to begin with. */
final class SampleData {

    private SampleData() {}

    /** Where there is something already it stays as it is. */
    static void copyTo(Path directory) {
        Path file = directory.resolve("materials.json");
        if (Files.exists(file) || Files.exists(directory.resolve(".switchover"))) {
            return;
        }
        try (InputStream sample = SampleData.class.getResourceAsStream("materials.json")) {
            if (sample == null) {
                throw new IllegalStateException("The jar has no sample");
            }
            Files.createDirectories(directory);
            Files.copy(sample, file);
        } catch (IOException e) {
            throw new UncheckedIOException("The sample could not be copied to " + file, e);
        }
    }
}
