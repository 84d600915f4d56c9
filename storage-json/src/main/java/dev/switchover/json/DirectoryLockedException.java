package dev.switchover.json;

import dev.switchover.json.directory.Holder;
import dev.switchover.storage.StorageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Another process, or another store in this one, writes the directory. No record has been changed. */
public final class DirectoryLockedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final transient Path directory;
    private final long pid;
    private final String host;

    DirectoryLockedException(Path directory, @Nullable Holder holder, boolean byThisJvm) {
        super(message(directory, holder, byThisJvm));
        this.directory = directory;
        this.pid = holder == null ? 0 : holder.pid();
        this.host = holder == null ? "" : holder.host();
    }

    public Path directory() {
        return directory;
    }

    /** The holder's process id, or 0 if it is not known. */
    public long pid() {
        return pid;
    }

    /** The holder's host, or empty if it is not known. */
    public String host() {
        return host;
    }

    private static String message(Path directory, @Nullable Holder holder, boolean byThisJvm) {
        if (byThisJvm) {
            return "The directory " + directory + " is open in this process already, since "
                    + (holder == null ? "an unknown time" : holder.since())
                    + "; use that storage, or close it first";
        }
        String who = holder == null
                ? "another process"
                : "process " + holder.pid() + " on " + holder.host() + ", since " + holder.since();
        return "The directory " + directory + " is locked by " + who + "; stop it first, or use another directory";
    }
}
