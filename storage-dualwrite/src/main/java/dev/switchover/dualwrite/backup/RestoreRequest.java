package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.BackupException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;

/** Restores a backup where the directory is held. Thread-safe. */
public final class RestoreRequest implements RequestHandler {

    /** What it is asked for by. */
    public static final String KIND = "restore";

    private static final String FILE = "file";
    private static final String COLLECTIONS = "collections";
    private static final String NEWER_STAYS = "newerStays";

    private final BackupMaker maker;

    /** @param maker makes the backup of what is there before */
    public RestoreRequest(BackupMaker maker) {
        this.maker = maker;
    }

    /**
     * What to ask for.
     *
     * @param collections names; none for all that are in the backup
     * @param newerStays whether what the store has, and the backup has not or only older, stays as it is
     */
    static Map<String, String> arguments(Path file, Collection<String> collections, boolean newerStays) {
        return Map.of(
                FILE,
                file.toAbsolutePath().toString(),
                COLLECTIONS,
                String.join(",", collections),
                NEWER_STAYS,
                String.valueOf(newerStays));
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        Path file = Path.of(request.arguments().getOrDefault(FILE, ""));
        String names = request.arguments().getOrDefault(COLLECTIONS, "");
        progress.at(0, OptionalLong.empty(), "checking " + file.getFileName());
        try {
            Archive archive = Archive.check(file, storage.schemas());
            Restore restore = new Restore(storage, maker);
            boolean newerStays = Boolean.parseBoolean(request.arguments().get(NEWER_STAYS));
            return restore.run(
                            archive, Chosen.of(archive, storage.schemas(), Chosen.names(names)), newerStays, progress)
                    .toJson();
        } catch (DamagedBackupException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new BackupException(
                    file,
                    "The backup " + file + " cannot be read where the directory is held (" + e.getMessage()
                            + "); nothing was changed. Put it where that process can read it",
                    e);
        }
    }

    static BackupException damaged(Path file, DamagedBackupException e) {
        return new BackupException(
                file,
                "The backup " + file.getFileName() + " is damaged: " + e.problem()
                        + ". Nothing was changed; take another one, or have recover look for what can be read");
    }
}
