package dev.switchover.json.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Everything the store does that changes the disk, and what kind of disk it is; reading needs no seam, because what was read
 * is checked. Thread-safe.
 */
public interface Disk {

    /**
     * Creates a file, 0600; follows no symbolic link.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    DiskFile create(Path file) throws IOException;

    /** Gives {@code file} the permissions of {@code model}, where both exist and the file system knows permissions. */
    void copyMode(Path model, Path file) throws IOException;

    /** Replaces {@code to} in one step. Survives a power loss only after {@link #forceDirectory}. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file if it exists. */
    void delete(Path file) throws IOException;

    /** What was written into this existing file, by whomever, is on the disk when this returns. */
    void force(Path file) throws IOException;

    /** Names created, replaced and deleted in the directory are on the disk when this returns. */
    void forceDirectory(Path directory) throws IOException;

    /** Creates the directory, 0700, and those above it, unless it exists; it is on the disk when this returns. */
    void createDirectory(Path directory) throws IOException;

    /** How the system calls the kind of file system this existing file is on, as {@code ext4} or {@code nfs4}. */
    default String fileSystemType(Path file) throws IOException {
        return Files.getFileStore(file).type();
    }

    /** The disk of this machine. */
    static Disk real() {
        return RealDisk.INSTANCE;
    }
}
