package dev.switchover.storage;

import java.util.function.Function;

/** An open storage over one or more collections. Thread-safe. Close it: it owns threads, a lock and connections. */
public interface Storage extends AutoCloseable {

    /** @throws IllegalArgumentException if the storage was not opened with this collection */
    <T, ID> Repository<T, ID> repository(CollectionDefinition<T, ID> collection);

    /**
     * The other members of the file a collection is nested in, see {@link JsonLayout#in}.
     *
     * @throws IllegalArgumentException if the collection has no envelope
     */
    Envelope envelope(CollectionDefinition<?, ?> collection);

    /**
     * Runs {@code work} and stores everything it changed, in all its collections, or nothing. Reads inside see the
     * work's own changes. If a record that the work read or changed is changed by others first, {@code work} is called
     * again: it must have no effects but those on the unit of work.
     *
     * @throws MixedPhasesException if the collections have different primaries, before anything is written
     */
    <R> R inUnitOfWork(Function<? super UnitOfWork, R> work);

    /** Waits, bounded, for what is still on its way, and lets go of everything. May be called more than once. */
    @Override
    void close();
}
