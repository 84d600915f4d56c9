package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.EmergencyFiles;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordAccess;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes with more care than usual, as asked for: what was written is read back and compared before the call returns, and what could not
 * be written is saved aside. Thread-safe.
 */
final class CarefulAccess implements RecordAccess {

    private final RecordAccess access;
    private final boolean readBack;
    private final @Nullable EmergencyFiles emergency;
    private final ToLongFunction<CollectionSchema<?, ?>> known;
    private final Map<CollectionSchema<?, ?>, Long> acknowledged = new ConcurrentHashMap<>();

    /** @param known the highest version of a collection that others told this process of */
    CarefulAccess(
            RecordAccess access,
            boolean readBack,
            @Nullable EmergencyFiles emergency,
            ToLongFunction<CollectionSchema<?, ?>> known) {
        this.access = access;
        this.readBack = readBack;
        this.emergency = emergency;
        this.known = known;
    }

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
    public RecordAccess observing(Consumer<Instant> copyTime) {
        return access.observing(copyTime);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        List<Written> written;
        try {
            written = access.write(writes);
        } catch (StoreUnavailableException | UnknownOutcomeException | RecordRefusedException e) {
            if (emergency == null || writes.isEmpty()) {
                throw e;
            }
            throw emergency.save(writes, this::newest, e);
        }
        for (Written one : written) {
            acknowledged.merge(one.schema(), one.version(), Math::max);
        }
        if (readBack) {
            written.forEach(this::compare);
        }
        return written;
    }

    private long newest(CollectionSchema<?, ?> schema) {
        return Math.max(known.applyAsLong(schema), acknowledged.getOrDefault(schema, 0L));
    }

    private void compare(Written written) {
        if (written.effect() == Written.Effect.NOTHING) {
            return;
        }
        AtomicBoolean stale = new AtomicBoolean();
        Optional<RawRecord> found;
        try {
            found = access.observing(time -> stale.set(true)).find(written.schema(), written.id());
        } catch (StoreUnavailableException e) {
            throw unknown(written, "could not be read back: " + e.getMessage(), e);
        }
        if (stale.get()) {
            throw unknown(written, "could not be read back: the store went away", null);
        }
        if (!isThere(written, found.orElse(null))) {
            throw unknown(written, "is not what is read back", null);
        }
    }

    /** What somebody else wrote since is newer, and as good. */
    private static boolean isThere(Written written, @Nullable RawRecord found) {
        RawRecord wanted = written.record();
        if (wanted == null) {
            return found == null || found.version() > written.version();
        }
        if (found == null || found.version() < written.version()) {
            return false;
        }
        if (found.version() > written.version()) {
            return true;
        }
        return wanted.id().isEnvelope()
                ? Arrays.equals(wanted.body(), found.body())
                : written.schema().sameContent(wanted.body(), found.body());
    }

    private static UnknownOutcomeException unknown(Written written, String what, @Nullable Throwable cause) {
        return new UnknownOutcomeException(
                "Record " + written.id() + " of " + written.schema().name() + " was acknowledged with version "
                        + written.version() + " and " + what
                        + "; it was lost, or deleted by others meanwhile. Read it to"
                        + " find out",
                cause);
    }
}
