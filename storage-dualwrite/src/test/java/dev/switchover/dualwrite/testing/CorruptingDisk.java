package dev.switchover.dualwrite.testing;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk that writes one byte otherwise than it was told, and says nothing. */
public final class CorruptingDisk implements Disk {

    private final Disk real = Disk.real();
    private final byte from;
    private final byte to;

    /** Each {@code from} in the first kilobyte of a file becomes {@code to}. */
    public CorruptingDisk(char from, char to) {
        this.from = (byte) from;
        this.to = (byte) to;
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        DiskFile opened = real.create(file);
        return new DiskFile() {
            @Override
            public Path path() {
                return opened.path();
            }

            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                for (int i = 0; i < copy.length && position + i < 1_024; i++) {
                    copy[i] = copy[i] == from ? to : copy[i];
                }
                opened.write(ByteBuffer.wrap(copy), position);
            }

            @Override
            public void force() throws IOException {
                opened.force();
            }

            @Override
            public void truncate(long length) throws IOException {
                opened.truncate(length);
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public void copyMode(Path model, Path file) throws IOException {
        real.copyMode(model, file);
    }

    @Override
    public void rename(Path source, Path target) throws IOException {
        real.rename(source, target);
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
    }

    @Override
    public void force(Path file) throws IOException {
        real.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        real.forceDirectory(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        real.createDirectory(directory);
    }
}
