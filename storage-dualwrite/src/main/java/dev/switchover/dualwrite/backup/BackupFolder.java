package dev.switchover.dualwrite.backup;

import dev.switchover.json.directory.Disk;
import dev.switchover.storage.BackupException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/** The folder of the backups: names in it are given once, and a file under its own name is whole. Thread-safe. */
final class BackupFolder {

    private static final String TEMPORARY = ".tmp";

    private final Path path;
    private final Disk disk;

    BackupFolder(Path path) {
        this(path, Disk.real());
    }

    BackupFolder(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
    }

    Path path() {
        return path;
    }

    /** What writes a file's content. */
    interface Content {
        void to(OutputStream file) throws IOException;
    }

    /**
     * Writes a file that is there whole, and on the disk, or not at all.
     *
     * @param names its name for each number from 1 on, of which the first is taken that no other file has
     */
    Path write(IntFunction<String> names, Content content) throws IOException {
        disk.createDirectory(path);
        for (int number = 1; ; number++) {
            String name = names.apply(number);
            Path file = path.resolve(name);
            Path temporary = path.resolve("." + name + TEMPORARY);
            if (Files.notExists(file)) {
                try {
                    Files.createFile(temporary, mode());
                } catch (FileAlreadyExistsException another) {
                    continue;
                }
                // Whoever has the temporary file has the name; it may have been given while we looked.
                if (Files.notExists(file)) {
                    fill(temporary, file, content);
                    return file;
                }
                disk.delete(temporary);
            }
        }
    }

    private void fill(Path temporary, Path file, Content content) throws IOException {
        boolean moved = false;
        try {
            // Not a FileChannel: interrupting the thread would close it.
            try (FileOutputStream output = new FileOutputStream(temporary.toFile())) {
                content.to(output);
                output.getFD().sync();
            }
            disk.rename(temporary, file);
            moved = true;
        } finally {
            if (!moved) {
                disk.delete(temporary);
            }
        }
        disk.forceDirectory(path);
    }

    private FileAttribute<?>[] mode() {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** All files with the name of a backup, the newest first. */
    List<Path> files() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path, "backup-*")) {
            for (Path file : all) {
                if (BackupName.parse(file).isPresent() && Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new BackupException(path, "The folder of the backups cannot be read: " + path, e);
        }
        files.sort(Comparator.<Path, BackupName>comparing(
                        file -> BackupName.parse(file).orElseThrow(),
                        Comparator.comparing(BackupName::time).thenComparingInt(BackupName::number))
                .thenComparing(Path::toString)
                .reversed());
        return files;
    }

    /** What a process that was killed left behind: files that were never whole, begun before this moment. */
    List<Path> leftovers(Instant before) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path, ".backup-*" + TEMPORARY)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                Path wanted = path.resolve(name.substring(1, name.length() - TEMPORARY.length()));
                if (BackupName.parse(wanted)
                        .filter(begun -> begun.time().isBefore(before))
                        .isPresent()) {
                    found.add(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /**
     * The one backup that is meant: by its number in the list, its name, a part of its name, or its path.
     *
     * @throws BackupException if none or more than one is meant
     */
    Path find(String reference) {
        List<Path> files = files();
        if (reference.matches("[1-9]\\d{0,8}")) {
            int number = Integer.parseInt(reference);
            if (number <= files.size()) {
                return files.get(number - 1);
            }
        }
        for (Path file : files) {
            if (String.valueOf(file.getFileName()).equals(reference)) {
                return file;
            }
        }
        List<Path> matching = files.stream()
                .filter(file -> String.valueOf(file.getFileName()).contains(reference))
                .toList();
        if (matching.size() == 1) {
            return matching.get(0);
        }
        if (matching.size() > 1) {
            throw new BackupException(
                    null,
                    "\"" + reference + "\" is a part of the names of " + matching.size() + " backups in " + path
                            + ", among them " + matching.get(0).getFileName() + " and "
                            + matching.get(1).getFileName() + "; write more of the name, or its number in the list");
        }
        try {
            Path named = Path.of(reference);
            if (Files.isRegularFile(named)) {
                return named.toAbsolutePath();
            }
        } catch (java.nio.file.InvalidPathException e) {
            // No path, so nothing is there.
        }
        throw new BackupException(
                null,
                "There is no backup \"" + reference + "\" among the " + files.size() + " in " + path
                        + ", nor a file of that name; list them");
    }

    void delete(Path file) throws IOException {
        disk.delete(file);
    }

    void force() throws IOException {
        disk.forceDirectory(path);
    }
}
