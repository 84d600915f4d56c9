package dev.switchover.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** File systems whose locks and forces cannot be trusted. */
final class NetworkFileSystem {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkFileSystem.class);
    private static final Set<String> TYPES =
            Set.of("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "9p", "ncpfs", "afs");

    private NetworkFileSystem() {}

    static void warnIf(Path directory) throws IOException {
        String type = Files.getFileStore(directory).type();
        if (isOne(type)) {
            LOG.warn(
                    "{} is on a network file system ({}). Its locks may fail to keep a second process out, and its forces may"
                            + " not reach a disk: use a local disk",
                    directory,
                    type);
        }
    }

    static boolean isOne(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return TYPES.contains(lower) || lower.startsWith("fuse.ssh") || lower.startsWith("fuse.s3");
    }
}
