package dev.switchover.dualwrite.request;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A small file through which processes talk: replaced whole, durable, readable by its owner only, never written or read through a
 * symbolic link. Thread-safe.
 */
public final class MessageFile {

    private final Path file;
    private final int longest;

    /** @param longest bytes; what is longer is no message */
    public MessageFile(Path file, int longest) {
        this.file = file;
        this.longest = longest;
    }

    public Path path() {
        return file;
    }

    /**
     * Replaces the message; it is on the disk when this returns.
     *
     * @param writer makes the name of the temporary file, so that two writers do not meet in one
     */
    public void write(byte[] text, String writer) throws IOException {
        if (text.length > longest) {
            throw new IOException("the message for " + file + " is longer than " + longest + " bytes");
        }
        Disk disk = Disk.real();
        Path temporary = file.resolveSibling(baseName() + "-" + writer + ".tmp");
        boolean moved = false;
        DiskFile created = disk.create(temporary);
        try {
            try (created) {
                created.write(ByteBuffer.wrap(text), 0);
                created.force();
            }
            disk.rename(temporary, file);
            moved = true;
        } finally {
            if (!moved) {
                Files.deleteIfExists(temporary);
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            disk.forceDirectory(folder);
        }
    }

    private String baseName() {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /**
     * The message that stands; empty if there is none, or it is too long for one.
     *
     * @throws IOException if it cannot be read, or something else is in its place: a pipe would keep its reader for good
     */
    public Optional<byte[]> read() throws IOException {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                throw new IOException(file + " is no regular file");
            }
            try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] text = content.readNBytes(longest + 1);
                return text.length > longest ? Optional.empty() : Optional.of(text);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
