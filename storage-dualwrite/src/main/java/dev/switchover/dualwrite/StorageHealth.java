package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.MirrorState;
import java.util.ArrayList;
import java.util.List;

/**
 * A status in one word, for health checks. Immutable.
 *
 * @param reasons what is not as it should be, by collection; empty if {@link Level#UP}
 */
public record StorageHealth(Level level, List<String> reasons) {

    public StorageHealth {
        reasons = List.copyOf(reasons);
    }

    /** How well the storage does what its phase asks of it. */
    public enum Level {
        /** All is as it should be. */
        UP,
        /**
         * Writes are taken and nothing is lost, but somebody should look: a mirror that is behind for want of its store, parked
         * records, drift, a further copy that could not be written. To restart the service would not help.
         */
        DEGRADED,
        /** The primary of a collection does not serve: its writes are refused. */
        DOWN
    }

    /** What a status amounts to. A mirror that catches up is as it should be. */
    public static StorageHealth of(StorageStatus status) {
        Level level = Level.UP;
        List<String> reasons = new ArrayList<>();
        for (CollectionStatus collection : status.collections()) {
            if (!collection.serving()) {
                level = Level.DOWN;
                String note = collection.note();
                reasons.add(collection.name() + " does not serve" + (note == null ? "" : ": " + note));
            }
            List<String> troubles = troubles(collection);
            if (!troubles.isEmpty() && level == Level.UP) {
                level = Level.DEGRADED;
            }
            troubles.forEach(trouble -> reasons.add(collection.name() + " " + trouble));
        }
        return new StorageHealth(level, reasons);
    }

    private static List<String> troubles(CollectionStatus collection) {
        List<String> troubles = new ArrayList<>();
        MirrorState mirror = collection.mirror();
        if (mirror != null && List.of("DEGRADED", "REFUSED", "STOPPED").contains(mirror.health())) {
            String error = mirror.lastError();
            troubles.add("is not mirrored to " + mirror.store().label() + (error == null ? "" : ": " + error));
        }
        if (collection.parked() > 0) {
            troubles.add("has " + collection.parked() + " parked records");
        }
        StorageStatus.LastVerification verified = collection.lastVerification();
        if (verified != null && verified.drift() > 0) {
            troubles.add("has drift of " + verified.drift() + " records, as verified at " + verified.at());
        }
        if (!collection.copyProblems().isEmpty()) {
            troubles.add("has copies that could not be written: " + String.join("; ", collection.copyProblems()));
        }
        return troubles;
    }
}
