package dev.switchover.json.checkpoint;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.FileText;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The further files of a collection. They are written after a checkpoint is complete, from what it wrote, and never read, so
 * nothing depends on them: one that cannot be written is tried again with the next checkpoint.
 *
 * <p>Written by one thread at a time; {@link #problems} may be asked by any.
 */
public final class FileCopies {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");

    private final Disk disk;
    private final StoreDirectory directory;
    private final UserFiles userFiles;
    private final BooleanSupplier owner;
    private final Map<Path, Long> written = new HashMap<>();
    private final Map<String, Map<Path, String>> problems = new ConcurrentHashMap<>();

    /** @param owner whether the directory is still ours */
    public FileCopies(Disk disk, StoreDirectory directory, UserFiles userFiles, BooleanSupplier owner) {
        this.disk = disk;
        this.directory = directory;
        this.userFiles = userFiles;
        this.owner = owner;
    }

    /** What is wrong with the paths, by the names the user gave: two files in one place, a place that is ours. */
    public static List<String> check(Path root, Collection<CollectionSchema<?, ?>> schemas) {
        StoreDirectory directory = new StoreDirectory(root.toAbsolutePath().normalize());
        Set<Path> taken = new HashSet<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            Path file = real(directory.user(schema.definition().fileName()).normalize());
            taken.add(file);
            taken.add(StoreDirectory.temporary(file));
        }
        List<String> problems = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            for (JsonLayout.Copy copy : schema.definition().jsonLayout().copies()) {
                String what = "collection " + schema.name() + ": the copy \"" + copy.path() + "\" ";
                Path file;
                try {
                    file = real(place(directory, copy));
                } catch (InvalidPathException e) {
                    problems.add(what + "is no path");
                    continue;
                }
                if (copy.path().isBlank() || file.equals(real(directory.root())) || file.getFileName() == null) {
                    problems.add(what + "names no file");
                } else if (file.startsWith(real(directory.hidden()))) {
                    problems.add(what + "is inside .switchover, which belongs to the library; choose another folder");
                } else if (!taken.add(file)) {
                    problems.add(what + "is a collection's own file or another copy; give it another name");
                } else if (Files.isDirectory(file)) {
                    problems.add(what + "is a folder; name a file");
                }
            }
        }
        return problems;
    }

    private static Path place(StoreDirectory directory, JsonLayout.Copy copy) {
        return directory.root().resolve(copy.path()).toAbsolutePath().normalize();
    }

    /** Where a file is, or would be, when the links to its folder are followed. */
    private static Path real(Path file) {
        Path name = file.getFileName();
        try {
            return name == null ? file : UserFiles.parent(file).toRealPath().resolve(name);
        } catch (IOException notThere) {
            return file;
        }
    }

    /** Writes what is older than the snapshot. Throws nothing for a disk that fails. */
    public void write(CollectionSnapshot snapshot, FileText text) {
        for (JsonLayout.Copy copy : text.layout().copies()) {
            Path file = place(directory, copy);
            if (written.getOrDefault(file, -1L) < snapshot.contentSequence() && owner.getAsBoolean()) {
                try {
                    write(file, text.encoded(copy.encoding()));
                    written.put(file, snapshot.contentSequence());
                    ended(snapshot.schema(), file);
                } catch (IOException failed) {
                    failed(snapshot.schema(), file, failed);
                }
            }
        }
    }

    private void write(Path file, FileText text) throws IOException {
        Path temporary = StoreDirectory.temporary(file);
        disk.delete(temporary);
        userFiles.write(temporary, text);
        disk.rename(temporary, file);
        disk.forceDirectory(UserFiles.parent(file));
    }

    private Map<Path, String> problems(CollectionSchema<?, ?> schema) {
        return problems.computeIfAbsent(schema.name(), name -> new ConcurrentHashMap<>());
    }

    private void ended(CollectionSchema<?, ?> schema, Path file) {
        if (problems(schema).remove(file) != null) {
            LOG.info("The copy {} of {} could be written again", file, schema.name());
        }
    }

    private void failed(CollectionSchema<?, ?> schema, Path file, IOException failed) {
        String reason = failed.getClass().getSimpleName() + ": " + failed.getMessage();
        if (!reason.equals(problems(schema).put(file, reason))) {
            LOG.warn(
                    "The copy {} of {} could not be written: {}. The collection's own file was; the copy is tried again with"
                            + " the next checkpoint",
                    file,
                    schema.name(),
                    reason);
        }
    }

    /** For each copy that could not be written last time: which, and why. */
    public List<String> problems(String collection) {
        return problems.getOrDefault(collection, Map.of()).entrySet().stream()
                .map(problem -> "the copy " + problem.getKey() + " could not be written: " + problem.getValue())
                .sorted()
                .toList();
    }
}
