package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.RecordId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a session knows of the versions in its mirror, so that a state handed over by a writer is applied only if it cannot be
 * older than what the mirror has.
 *
 * <p>Handing over races with polling: a writer may commit, pause, and hand over its state after a later write of the same id,
 * or its deletion, was found by polling and applied. Asking the primary whether the handed version is still pending would be one
 * more round trip for each write. It is not needed, for the versions of one id grow as its writes commit:
 *
 * <ul>
 *   <li>Whatever workers before this session applied has at most the version the primary's counter had once they could apply no
 *       more, which is when this session began: the floor. A state at or below it is ignored; its mark is found by polling.
 *   <li>Since then only this session has applied, and it remembers the version of each id. When it forgets some, because there
 *       are too many, the highest version it forgot becomes the floor.
 * </ul>
 *
 * Used by the worker, or in its place.
 */
final class AppliedVersions {

    private final int capacity;
    private final Map<RecordId, Long> recent = new LinkedHashMap<>();
    private long floor;

    AppliedVersions(long floor, int capacity) {
        this.floor = floor;
        this.capacity = capacity;
    }

    /** Whether the mirror cannot have this version of the id, or a later one. */
    boolean isNewer(RecordId id, long version) {
        Long applied = recent.get(id);
        return version > (applied == null ? floor : applied);
    }

    /** Whether this session is known to have applied this version of the id, or a later one. */
    boolean has(RecordId id, long version) {
        Long applied = recent.get(id);
        return applied != null && applied >= version;
    }

    void applied(RecordId id, long version) {
        Long before = recent.remove(id);
        recent.put(id, before == null ? version : Math.max(before, version));
        if (recent.size() > capacity) {
            var eldest = recent.entrySet().iterator();
            floor = Math.max(floor, eldest.next().getValue());
            eldest.remove();
        }
    }
}
