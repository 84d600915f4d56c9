package dev.switchover.examples.videos;

import java.util.HashMap;
import java.util.Map;

/** What this service tells the storage where the environment says nothing. */
final class StorageVariables {

    private static final Map<String, String> DEFAULTS = Map.of(
            // Each record is read back before a write counts as done, and a write that failed is saved aside.
            "SWITCHOVER_VERIFIED_WRITES", "yes",
            "SWITCHOVER_EMERGENCY_FILES", "yes",
            "SWITCHOVER_BACKUP_SCHEDULE", "every 6h, daily@02:00",
            "SWITCHOVER_BACKUP_CLEAN", "yes",
            // In DB_ONLY nobody else keeps the file that the static site loads.
            "SWITCHOVER_EXPORT_AFTER_WRITES", "2s");

    private StorageVariables() {}

    static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        DEFAULTS.forEach((name, value) -> {
            if (variables.getOrDefault(name, "").isEmpty()) {
                variables.put(name, value);
            }
        });
        return variables;
    }
}
