package dev.switchover.json;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What can be told of a directory without its lock and without changing anything.
 *
 * @param exists whether there is anything at its path
 * @param directory whether that is a folder
 * @param writable whether this process's user may write in it; of the folder above it where there is none yet
 * @param fileSystem its type, as the system calls it
 * @param network whether locks and forces of that type cannot be trusted
 * @param usableBytes room on its disk
 * @param holder who seems to write it; may be wrong where the process is one of another machine
 */
public record DirectoryLook(
        boolean exists,
        boolean directory,
        boolean writable,
        String fileSystem,
        boolean network,
        long usableBytes,
        Optional<String> holder) {

    /** @throws IOException if nothing can be told */
    public static DirectoryLook of(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        Path nearest = at;
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        String type = Disk.real().fileSystemType(nearest);
        return new DirectoryLook(
                Files.exists(at),
                Files.isDirectory(at),
                Files.isWritable(nearest),
                type,
                NetworkFileSystem.isOne(type),
                Files.getFileStore(nearest).getUsableSpace(),
                Holder.seeming(at).map(Holder::toString));
    }
}
