package dev.switchover.json.directory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to write a directory, held by one process.
 *
 * <p>Closing <i>any</i> channel on a file drops the locks this process has on it. So the lock file is opened once, by the
 * holder alone: whoever asks within this JVM is told by {@link #HELD} before it can open the file, and what people want to
 * know is in a file of its own.
 *
 * <p>A lock may be lost without a trace to a holder that goes on. So each holder claims the directory too, before it reads:
 * it replaces the holder's file by one of its own. An older holder looks whether the file is still the one it wrote after each
 * force, before the acknowledgement. What it acknowledges was on the disk before the claim, so the newcomer reads it.
 * Thread-safe.
 */
public final class DirectoryLock implements Closeable {

    /** What is told of a directory that is ours no longer. */
    public static final String LOST = "another process has taken over the directory, or its lock is gone";

    private static final Map<Path, Holder> HELD = new ConcurrentHashMap<>();

    /** What came of asking. */
    public sealed interface Answer {
        record Granted(DirectoryLock lock) implements Answer {}

        /** @param holder null if it is not known */
        record Taken(@Nullable Holder holder, boolean byThisJvm) implements Answer {}
    }

    private final Path file;
    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;
    private final Object inode;
    private @Nullable Claim claim;

    /** @param written kept open, so that no later claim gets the same inode */
    private record Claim(Path file, DiskFile written, Object inode) {}

    private DirectoryLock(Path file, Path key, FileChannel channel, FileLock lock, Object inode) {
        this.file = file;
        this.key = key;
        this.channel = channel;
        this.lock = lock;
        this.inode = inode;
    }

    /**
     * Asks for the directory's lock, without waiting. When it is granted, the directory is claimed durably, and can be read. The
     * hidden folder exists.
     */
    public static Answer ask(Disk disk, StoreDirectory directory, Instant now) throws IOException {
        Path key = directory.hidden().toRealPath();
        Holder self = Holder.self(now);
        Holder other = HELD.putIfAbsent(key, self);
        if (other != null) {
            return new Answer.Taken(other, true);
        }
        DirectoryLock granted = null;
        boolean claimed = false;
        try {
            granted = open(directory.lock(), key);
            if (granted == null) {
                return new Answer.Taken(Holder.read(directory.holder()), false);
            }
            granted.claim(disk, directory, self);
            claimed = true;
            return new Answer.Granted(granted);
        } finally {
            if (granted == null) {
                HELD.remove(key);
            } else if (!claimed) {
                granted.close();
            }
        }
    }

    private static @Nullable DirectoryLock open(Path file, Path key) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                RealDisk.PRIVATE_FILE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                return null;
            }
            Object inode = inode(file);
            return new DirectoryLock(file, key, channel, lock, inode == null ? file : inode);
        } catch (OverlappingFileLockException otherClassLoader) {
            return null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static Object inodeOr(Path file, Object missing) throws IOException {
        Object found = inode(file);
        return found == null ? missing : found;
    }

    private void claim(Disk disk, StoreDirectory directory, Holder self) throws IOException {
        Path holder = directory.holder();
        Path temporary = StoreDirectory.temporary(holder);
        disk.delete(temporary);
        DiskFile written = disk.create(temporary);
        boolean done = false;
        try {
            written.write(ByteBuffer.wrap(self.toBytes()), 0);
            written.force();
            claim = new Claim(holder, written, inodeOr(temporary, holder));
            disk.rename(temporary, holder);
            disk.forceDirectory(directory.hidden());
            done = true;
        } finally {
            if (!done) {
                written.close();
            }
        }
    }

    /** Null on file systems without inodes. */
    private static @Nullable Object inode(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Whether the lock is still ours: valid, its file still the one at the path, and nobody has claimed the directory since. */
    public boolean isHeld() {
        Claim ours = claim;
        try {
            return lock.isValid()
                    && inode.equals(inodeOr(file, inode))
                    && ours != null
                    && ours.inode.equals(inodeOr(ours.file, ours.inode));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Whether it is known that somebody else has it: what is gone, or cannot be read, says nothing. */
    public boolean isOvertaken() {
        return isAnother(file, inode) || isClaimed();
    }

    /** Whether somebody has claimed the directory since, and so the holder's file names them. */
    public boolean isClaimed() {
        Claim ours = claim;
        return ours != null && isAnother(ours.file, ours.inode);
    }

    private static boolean isAnother(Path file, Object inode) {
        try {
            return !inode.equals(inodeOr(file, inode));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Lets go. The lock's file stays: deleting it would let two processes hold one lock each. */
    @Override
    public void close() throws IOException {
        Claim ours = claim;
        try (DiskFile written = ours == null ? null : ours.written) {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
