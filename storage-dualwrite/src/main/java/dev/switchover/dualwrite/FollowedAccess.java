package dev.switchover.dualwrite;

import dev.switchover.storage.Query;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells of each write, also of one of which nobody knows whether it happened. Thread-safe. */
record FollowedAccess(RecordAccess access, Runnable written) implements RecordAccess {

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return access.find(schema, id);
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return access.list(schema, query);
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return access.stream(schema, query);
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return access.count(schema, query);
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return access.nextId(schema);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        List<Written> done;
        try {
            done = access.write(writes);
        } catch (UnknownOutcomeException e) {
            written.run();
            throw e;
        }
        if (done.stream().anyMatch(one -> one.effect() != Written.Effect.NOTHING)) {
            written.run();
        }
        return done;
    }

    @Override
    public RecordAccess observing(Consumer<Instant> copyTime) {
        return new FollowedAccess(access.observing(copyTime), written);
    }
}
