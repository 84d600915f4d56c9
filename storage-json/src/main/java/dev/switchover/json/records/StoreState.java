package dev.switchover.json.records;

import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All collections, as committed. Readers hold the lock for as long as they copy references, the committer for as long as it
 * publishes; nobody holds it while a disk works. Thread-safe.
 */
public final class StoreState {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, CollectionState> byName = new LinkedHashMap<>();
    private long sequence;

    public StoreState(Collection<CollectionState> collections, long sequence) {
        for (CollectionState collection : collections) {
            byName.put(collection.schema().name(), collection);
        }
        this.sequence = sequence;
    }

    public Collection<CollectionState> collections() {
        return byName.values();
    }

    /** @throws IllegalArgumentException if the store was not opened with this very schema */
    public CollectionState of(CollectionSchema<?, ?> schema) {
        CollectionState state = byName.get(schema.name());
        if (state == null || state.schema() != schema) {
            throw new IllegalArgumentException("The JSON store was not opened with collection " + schema.name());
        }
        return state;
    }

    public CollectionState of(String collection) {
        CollectionState state = byName.get(collection);
        if (state == null) {
            throw new IllegalArgumentException("The JSON store was not opened with collection " + collection);
        }
        return state;
    }

    /** The last frame published. Call it inside {@link #read}, or as the committer. */
    public long sequence() {
        return sequence;
    }

    /** Reads as of one moment. */
    public <R> R read(Supplier<R> reading) {
        lock.readLock().lock();
        try {
            return reading.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Reads one collection as of one moment. */
    public <R> R read(CollectionSchema<?, ?> schema, Function<CollectionState, R> reading) {
        CollectionState state = of(schema);
        lock.readLock().lock();
        try {
            return reading.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Makes everything in the frames visible at once. */
    public void publish(List<Frame> frames) {
        lock.writeLock().lock();
        try {
            for (Frame frame : frames) {
                for (Change change : frame.changes()) {
                    of(change.collection()).apply(frame.sequence(), frame.millis(), change);
                }
                sequence = frame.sequence();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
