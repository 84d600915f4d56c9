package dev.switchover.examples.videos;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** Opens the storage, for the web process and for the command line alike. */
final class VideoStorage {

    private VideoStorage() {}

    /** @param variables as {@link StorageVariables} gives them */
    static SwitchoverStorage open(Path directory, Map<String, String> variables) {
        return open(directory, variables, Clock.systemUTC());
    }

    /** @param clock of the schedules */
    static SwitchoverStorage open(Path directory, Map<String, String> variables, Clock clock) {
        SwitchoverStorage storage = builder(directory, variables).clock(clock).open();
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
