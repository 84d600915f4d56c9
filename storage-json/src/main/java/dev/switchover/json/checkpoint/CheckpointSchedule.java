package dev.switchover.json.checkpoint;

import java.util.HashMap;
import java.util.Map;

/**
 * When each collection's file is to be written: soon after its first change, but so that checkpoints take at most a tenth
 * of the time. Times are those of {@link System#nanoTime}. Thread-safe.
 */
public final class CheckpointSchedule {

    /** One part writing, nine parts not. */
    private static final long REST = 9;

    private final long delay;
    private final long maximum;
    private final Map<String, Long> changedSince = new HashMap<>();
    private final Map<String, Long> took = new HashMap<>();
    private final Map<String, Long> ended = new HashMap<>();

    /**
     * @param delay after a change, in nanoseconds
     * @param maximum how old a file may get, in nanoseconds
     */
    public CheckpointSchedule(long delay, long maximum) {
        this.delay = delay;
        this.maximum = maximum;
    }

    /** The collection changed. @return whether its file was fresh until now */
    public synchronized boolean changed(String collection, long now) {
        return changedSince.putIfAbsent(collection, now) == null;
    }

    /** A snapshot of the collection was taken: later changes are for the next checkpoint. */
    public synchronized void taken(String collection) {
        changedSince.remove(collection);
    }

    /** Its checkpoint is written. */
    public synchronized void written(String collection, long nanos, long now) {
        took.put(collection, nanos);
        ended.put(collection, now);
    }

    /** Its checkpoint failed: it is tried again as if the collection had changed just now. */
    public synchronized void failed(String collection, long nanos, long now) {
        written(collection, nanos, now);
        changedSince.putIfAbsent(collection, now);
    }

    /** How long until the collection's file is to be written: 0 or less if now, {@link Long#MAX_VALUE} if it is fresh. */
    public synchronized long untilDue(String collection, long now) {
        Long since = changedSince.get(collection);
        if (since == null) {
            return Long.MAX_VALUE;
        }
        long afterChange = delay - (now - since);
        long rest = took.getOrDefault(collection, 0L) * REST;
        long afterRest = ended.containsKey(collection) ? rest - (now - ended.get(collection)) : afterChange;
        long latest = maximum - (now - since);
        return Math.min(Math.max(afterChange, afterRest), latest);
    }
}
