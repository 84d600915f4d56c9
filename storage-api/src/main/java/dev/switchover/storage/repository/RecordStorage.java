package dev.switchover.storage.repository;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Envelope;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.UnitOfWork;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.Write;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A storage over raw records. Thread-safe. What has to be closed is the business of those who extend it. */
public abstract class RecordStorage implements Storage {

    final RecordAccess access;
    private final Map<CollectionDefinition<?, ?>, CollectionSchema<?, ?>> schemas = new LinkedHashMap<>();
    private final Map<CollectionDefinition<?, ?>, Repository<?, ?>> repositories = new LinkedHashMap<>();

    protected RecordStorage(RecordAccess access, Collection<? extends CollectionSchema<?, ?>> schemas) {
        this.access = access;
        for (CollectionSchema<?, ?> schema : schemas) {
            this.schemas.put(schema.definition(), schema);
            this.repositories.put(schema.definition(), newRepository(schema, access));
        }
    }

    /** Called by the constructor, once for each collection; must not use fields of the class that extends this one. */
    protected abstract <T, ID> Repository<T, ID> newRepository(CollectionSchema<T, ID> schema, RecordAccess access);

    /** What it was opened with, in that order. */
    public final Set<CollectionDefinition<?, ?>> collections() {
        return Collections.unmodifiableSet(schemas.keySet());
    }

    @Override
    @SuppressWarnings("unchecked") // The repository was made from the schema of this very definition.
    public final <T, ID> Repository<T, ID> repository(CollectionDefinition<T, ID> collection) {
        Repository<?, ?> repository = repositories.get(collection);
        if (repository == null) {
            throw unknown(collection);
        }
        return (Repository<T, ID>) repository;
    }

    @Override
    public final Envelope envelope(CollectionDefinition<?, ?> collection) {
        return new StoredEnvelope(withEnvelope(collection), access);
    }

    @Override
    public final <R> R inUnitOfWork(Function<? super UnitOfWork, R> work) {
        return Retry.onConflict(this, () -> {
            UnitOfWorkSession session = new UnitOfWorkSession(this, access);
            R result;
            List<Write> writes;
            try {
                result = work.apply(session);
                writes = session.writes();
            } finally {
                session.end();
            }
            if (!writes.isEmpty()) {
                try {
                    access.write(writes);
                } catch (VersionConflictException | RecordExistsException e) {
                    // Done again, the work finds what is there now, and fails itself if its own expectation is wrong.
                    throw new Retry.LostRace(e);
                }
            }
            return result;
        });
    }

    /** @throws IllegalArgumentException if the storage was not opened with this object */
    @SuppressWarnings("unchecked") // The schema was compiled from this very definition.
    protected final <T, ID> CollectionSchema<T, ID> schema(CollectionDefinition<T, ID> collection) {
        CollectionSchema<?, ?> schema = schemas.get(collection);
        if (schema == null) {
            throw unknown(collection);
        }
        return (CollectionSchema<T, ID>) schema;
    }

    final CollectionSchema<?, ?> withEnvelope(CollectionDefinition<?, ?> collection) {
        CollectionSchema<?, ?> schema = schema(collection);
        if (!collection.jsonLayout().hasEnvelope()) {
            throw new IllegalArgumentException(
                    collection + " has no envelope: its layout names no place inside its file; see JsonLayout.in");
        }
        return schema;
    }

    private static IllegalArgumentException unknown(CollectionDefinition<?, ?> collection) {
        return new IllegalArgumentException("This storage was not opened with this definition of " + collection
                + "; keep it and use the same object");
    }
}
