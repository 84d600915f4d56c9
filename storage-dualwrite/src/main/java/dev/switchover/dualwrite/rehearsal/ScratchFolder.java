package dev.switchover.dualwrite.rehearsal;

import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is made to be thrown away, readable by its owner only. A lock tells that somebody uses it; one of a process that was
 * killed is not locked any more, and deleted by the next that makes one. Close it.
 */
public final class ScratchFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.rehearsal");

    private static final String PREFIX = "switchover-rehearsal-";
    private static final String LOCK = "in-use.lock";
    private static final Set<OpenOption> LOOKING = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> MAKING =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path folder;
    private final FileChannel channel;

    private ScratchFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @param within where there is room for the files and their copies; the system's folder for temporary files will do */
    public static ScratchFolder create(Path within) {
        try {
            deleteLeftovers(within);
            Path folder = Files.createTempDirectory(within, PREFIX);
            FileChannel channel = open(folder, MAKING);
            if (channel.tryLock() == null) {
                channel.close();
                throw new IOException(folder + " could not be locked");
            }
            return new ScratchFolder(folder, channel);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON, "No folder for a rehearsal can be made in " + within + "; name another one", e);
        }
    }

    private static FileChannel open(Path folder, Set<OpenOption> options) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), options);
    }

    private static void deleteLeftovers(Path within) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(within, PREFIX + "*")) {
            for (Path folder : folders) {
                try {
                    deleteIfLeft(folder);
                } catch (IOException notOurs) {
                    LOG.debug("{} is left where it is: {}", folder, notOurs.getMessage());
                }
            }
        }
    }

    /** Without a lock file in it, it is not of ours, or being made at this moment. */
    private static void deleteIfLeft(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (FileChannel channel = open(folder, LOOKING);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                delete(folder);
                LOG.info("Deleted {}, which a rehearsal that was killed left behind", folder);
            }
        } catch (OverlappingFileLockException | NoSuchFileException inUse) {
            LOG.debug("{} is in use", folder);
        }
    }

    /** Follows no links. */
    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    public Path path() {
        return folder;
    }

    /** Deletes everything in it. @throws StoreUnavailableException if that failed; then the next one that is made deletes it */
    @Override
    public void close() {
        try {
            delete(folder);
        } catch (IOException e) {
            throw new StoreUnavailableException(Store.JSON, folder + " could not be deleted; delete it by hand", e);
        } finally {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("The lock in {} could not be closed: {}", folder, e.getMessage());
            }
        }
    }
}
