package dev.switchover.json.checkpoint;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.FileText;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writing next to, and saving aside, the user's files. */
public final class UserFiles {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int BUFFER = 1 << 18;

    private final Disk disk;
    private final StoreDirectory directory;
    private final Clock clock;

    public UserFiles(Disk disk, StoreDirectory directory, Clock clock) {
        this.disk = disk;
        this.directory = directory;
        this.clock = clock;
    }

    /** The file itself, also where the name in the directory is a symbolic link. */
    public static Path target(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
    }

    static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /** Forces a file that has been written, and may look at it meanwhile. */
    @FunctionalInterface
    public interface Forcing {
        void force(DiskFile file, FileDigest written) throws IOException;
    }

    /** Writes the text under {@code file}, which must not exist, and forces it. */
    FileDigest write(Path file, FileText text) throws IOException {
        return write(disk, file, text, (opened, written) -> opened.force());
    }

    /**
     * Writes the text under {@code file}, which must not exist, and has it forced.
     *
     * @throws IOException if it could not be written or forced; then, as behind any other failure, it is deleted
     */
    public static FileDigest write(Disk disk, Path file, FileText text, Forcing forcing) throws IOException {
        MessageDigest digest = FileDigest.newDigest();
        try (DiskFile opened = disk.create(file)) {
            Sink sink = new Sink(opened, digest);
            OutputStream buffered = new BufferedOutputStream(sink, BUFFER);
            text.write(buffered);
            buffered.flush();
            FileDigest written = FileDigest.of(sink.length, digest);
            forcing.force(opened, written);
            return written;
        } catch (IOException | RuntimeException | Error failed) {
            // On a full disk its room is needed.
            try {
                disk.delete(file);
            } catch (IOException also) {
                failed.addSuppressed(also);
            }
            throw failed;
        }
    }

    /** Keeps a copy of an edited file, durably. @return where */
    public Path saveAside(Path file) throws IOException {
        disk.createDirectory(directory.aside());
        Path copy = free(directory.aside().resolve(file.getFileName() + "." + TIME.format(clock.instant())));
        try (DiskFile opened = disk.create(copy);
                InputStream content = Files.newInputStream(file)) {
            OutputStream to = new Sink(opened, FileDigest.newDigest());
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                to.write(buffer, 0, read);
            }
            opened.force();
        }
        disk.forceDirectory(directory.aside());
        disk.forceDirectory(directory.hidden());
        return copy;
    }

    private static Path free(Path wanted) {
        Path name = wanted;
        for (int i = 2; Files.exists(name); i++) {
            name = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return name;
    }

    private static final class Sink extends OutputStream {

        private final DiskFile file;
        private final MessageDigest digest;
        private long length;

        Sink(DiskFile file, MessageDigest digest) {
            this.file = file;
            this.digest = digest;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            digest.update(bytes, from, count);
            file.write(ByteBuffer.wrap(bytes, from, count), length);
            length += count;
        }
    }
}
