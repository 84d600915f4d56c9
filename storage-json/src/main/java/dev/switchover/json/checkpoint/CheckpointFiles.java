package dev.switchover.json.checkpoint;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.CorruptFileException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the checkpoints that are there. */
public final class CheckpointFiles {

    private CheckpointFiles() {}

    /**
     * For each collection its checkpoints, newest first.
     *
     * @throws CorruptFileException if one is damaged: it took its name only when it was whole
     */
    public static Map<String, List<Checkpoint>> read(StoreDirectory directory) throws IOException {
        Map<String, List<Checkpoint>> byCollection = new HashMap<>();
        if (!Files.isDirectory(directory.hidden())) {
            return byCollection;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.hidden(), "checkpoint-*")) {
            for (Path file : files) {
                StoreDirectory.CheckpointName name = StoreDirectory.checkpointName(file);
                if (name != null) {
                    byCollection
                            .computeIfAbsent(name.collection(), collection -> new ArrayList<>())
                            .add(read(file, name));
                }
            }
        }
        byCollection
                .values()
                .forEach(checkpoints -> checkpoints.sort((left, right) -> Long.compare(right.number(), left.number())));
        return byCollection;
    }

    private static Checkpoint read(Path file, StoreDirectory.CheckpointName name) throws IOException {
        try {
            Checkpoint checkpoint = CheckpointCodec.read(Files.readAllBytes(file));
            if (!checkpoint.collection().equals(name.collection()) || checkpoint.number() != name.number()) {
                throw new IllegalStateException("it was written under another name");
            }
            return checkpoint;
        } catch (NoSuchFileException deletedMeanwhile) {
            throw deletedMeanwhile;
        } catch (IllegalStateException damaged) {
            throw new CorruptFileException(
                    file,
                    "this checkpoint cannot be used: " + damaged.getMessage()
                            + ". Put the directory back from a backup, or move its folder .switchover away to start from"
                            + " the JSON files alone",
                    damaged);
        }
    }
}
