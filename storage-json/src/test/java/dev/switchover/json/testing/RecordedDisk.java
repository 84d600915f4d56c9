package dev.switchover.json.testing;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The disk of this machine, and a record of what was asked of it. Really forcing is left out: it would only cost time. */
public final class RecordedDisk implements Disk {

    private final Disk real = Disk.real();
    private final DiskHistory history;
    private boolean dead;

    public RecordedDisk(DiskHistory history) {
        this.history = history;
    }

    /** From now on nothing works any more, as if the process were gone. */
    public synchronized void die() {
        dead = true;
    }

    private void requireAlive() throws IOException {
        if (dead) {
            throw new IOException("the process has ended");
        }
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        requireAlive();
        DiskFile opened = real.create(file);
        return new Recorded(opened, history.create(file));
    }

    @Override
    public synchronized void copyMode(Path model, Path file) throws IOException {
        requireAlive();
        real.copyMode(model, file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        requireAlive();
        real.rename(from, to);
        history.rename(from, to);
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        requireAlive();
        real.delete(file);
        history.delete(file);
    }

    @Override
    public synchronized void force(Path file) throws IOException {
        requireAlive();
        history.force(file);
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        requireAlive();
        history.forceDirectory(directory);
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        requireAlive();
        real.createDirectory(directory);
    }

    private final class Recorded implements DiskFile {

        private final DiskFile opened;
        private final DiskHistory.Content content;

        Recorded(DiskFile opened, DiskHistory.Content content) {
            this.opened = opened;
            this.content = content;
        }

        @Override
        public Path path() {
            return opened.path();
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            synchronized (RecordedDisk.this) {
                requireAlive();
                history.write(content, bytes.duplicate(), (int) position);
                opened.write(bytes, position);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (RecordedDisk.this) {
                requireAlive();
                history.force(content);
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (RecordedDisk.this) {
                requireAlive();
                history.truncate(content, (int) length);
                opened.truncate(length);
            }
        }

        @Override
        public void close() throws IOException {
            opened.close();
        }
    }
}
