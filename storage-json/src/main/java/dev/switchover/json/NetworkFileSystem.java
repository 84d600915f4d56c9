package dev.switchover.json;

import dev.switchover.json.directory.Disk;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * File systems whose locks and forces cannot be trusted. Two processes that both believe to hold the lock write one journal, and
 * a force that ends in another machine's memory is no promise. So who would write is refused unless the operator insists; who
 * only reads is warned.
 */
final class NetworkFileSystem {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");
    private static final Set<String> TYPES =
            Set.of("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "9p", "ncpfs", "afs");

    /** A copy is read again every few seconds; once is enough. */
    private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

    private NetworkFileSystem() {}

    /**
     * Before anything is created or locked.
     *
     * @param directory may not exist yet; then the nearest one above it counts
     * @throws StartRefusedException unless it can be trusted or is to be
     */
    static void refuse(Disk disk, Path directory, boolean trust) throws IOException {
        String type = disk.fileSystemType(nearest(directory));
        if (!isOne(type)) {
            return;
        }
        if (!trust) {
            throw new StartRefusedException(
                    "UNTRUSTED-FILE-SYSTEM",
                    List.of(
                            directory + " is on a network file system (" + type + ")",
                            "its locks may fail to keep a second process out, and its forces may not reach a disk"),
                    "Use a local disk. If you know that this one keeps locks and forces, insist with"
                            + " SWITCHOVER_TRUST_FILE_SYSTEM=true.",
                    null);
        }
        warn(directory, type);
    }

    static void warnReader(Disk disk, Path directory) throws IOException {
        String type = disk.fileSystemType(nearest(directory));
        if (isOne(type)) {
            warn(directory, type);
        }
    }

    private static void warn(Path directory, String type) {
        if (WARNED.add(directory)) {
            LOG.warn(
                    "{} is on a network file system ({}). Its locks may fail to keep a second process out, and its forces may"
                            + " not reach a disk: use a local disk",
                    directory,
                    type);
        }
    }

    private static Path nearest(Path directory) {
        Path at = directory;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    static boolean isOne(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return TYPES.contains(lower) || lower.startsWith("fuse.ssh") || lower.startsWith("fuse.s3");
    }
}
