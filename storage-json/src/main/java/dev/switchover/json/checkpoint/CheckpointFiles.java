package dev.switchover.json.checkpoint;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.FileStyle;
import dev.switchover.storage.CorruptFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the checkpoints that are there. */
public final class CheckpointFiles {

    private static final int BEGINNING = 1 << 20;

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

    /** How the collection's file was set when its newest checkpoint was written; reads no more than the beginning of that. */
    public static Optional<FileStyle> style(StoreDirectory directory, String collection) throws IOException {
        Path newest = null;
        long highest = -1;
        if (Files.isDirectory(directory.hidden())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.hidden(), "checkpoint-*")) {
                for (Path file : files) {
                    StoreDirectory.CheckpointName name = StoreDirectory.checkpointName(file);
                    if (name != null && name.collection().equals(collection) && name.number() > highest) {
                        newest = file;
                        highest = name.number();
                    }
                }
            }
        }
        if (newest == null) {
            return Optional.empty();
        }
        try (InputStream content = Files.newInputStream(newest)) {
            return CheckpointCodec.style(content.readNBytes(BEGINNING));
        } catch (NoSuchFileException replacedMeanwhile) {
            return Optional.empty();
        }
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
