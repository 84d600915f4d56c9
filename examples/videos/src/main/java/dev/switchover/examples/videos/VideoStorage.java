package dev.switchover.examples.videos;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import java.nio.file.Path;
import java.util.Map;

/** Opens the storage, for the web process and for the command line alike. */
final class VideoStorage {

    private VideoStorage() {}

    /** @param variables as {@link StorageVariables} gives them */
    static SwitchoverStorage open(Path directory, Map<String, String> variables) {
        SwitchoverStorage storage = builder(directory, variables).open();
        boolean usesDatabase = storage.status().collections().stream()
                .anyMatch(collection ->
                        collection.phase().databasePhase() || collection.phase().mirrored());
        if (usesDatabase) {
            QueryColumns.add(variables);
        }
        return storage;
    }

    static Switchover.Builder builder(Path directory, Map<String, String> variables) {
        return Switchover.builder().directory(directory).environment(variables).collection(Videos.VIDEOS);
    }
}
