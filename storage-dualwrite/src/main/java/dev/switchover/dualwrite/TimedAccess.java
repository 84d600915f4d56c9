package dev.switchover.dualwrite;

import dev.switchover.dualwrite.CallListener.Call;
import dev.switchover.dualwrite.CallListener.Kind;
import dev.switchover.dualwrite.CallListener.Outcome;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.MixedPhasesException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.VersionConflictException;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells a listener of each call, how long it took and how it ended. Thread-safe. */
final class TimedAccess implements RecordAccess {

    private final RecordAccess access;
    private final Function<CollectionSchema<?, ?>, Phase> phases;
    private final CallListener listener;
    /** Whoever asked to be told of stale answers; their calls have to be told apart too. */
    private final @Nullable Consumer<Instant> copyTime;

    TimedAccess(RecordAccess access, Function<CollectionSchema<?, ?>, Phase> phases, CallListener listener) {
        this(access, phases, listener, null);
    }

    private TimedAccess(
            RecordAccess access,
            Function<CollectionSchema<?, ?>, Phase> phases,
            CallListener listener,
            @Nullable Consumer<Instant> copyTime) {
        this.access = access;
        this.phases = phases;
        this.listener = listener;
        this.copyTime = copyTime;
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return read(schema, from -> from.find(schema, id));
    }

    @Override
    public List<RawRecord> list(CollectionSchema<?, ?> schema, Query query) {
        return read(schema, from -> from.list(schema, query));
    }

    @Override
    public RecordCursor stream(CollectionSchema<?, ?> schema, Query query) {
        return read(schema, from -> from.stream(schema, query));
    }

    @Override
    public long count(CollectionSchema<?, ?> schema, Query query) {
        return read(schema, from -> from.count(schema, query));
    }

    @Override
    public long nextId(CollectionSchema<?, ?> schema) {
        return write(schema, schema.name(), () -> access.nextId(schema));
    }

    @Override
    public List<Written> write(List<Write> writes) {
        if (writes.isEmpty()) {
            return access.write(writes);
        }
        CollectionSchema<?, ?> first = writes.get(0).schema();
        boolean several = writes.stream().anyMatch(write -> write.schema() != first);
        return write(first, several ? Call.SEVERAL : first.name(), () -> access.write(writes));
    }

    @Override
    public RecordAccess observing(Consumer<Instant> told) {
        return new TimedAccess(access, phases, listener, told);
    }

    private <R> R read(CollectionSchema<?, ?> schema, Function<RecordAccess, R> call) {
        long began = System.nanoTime();
        Staleness staleness = new Staleness();
        Outcome outcome = Outcome.FAILED;
        try {
            R result = call.apply(access.observing(staleness));
            outcome = staleness.answered ? Outcome.STALE : Outcome.SUCCESS;
            return result;
        } catch (RuntimeException e) {
            outcome = outcome(e);
            throw e;
        } finally {
            tell(Kind.READ, schema, schema.name(), outcome, began);
        }
    }

    private <R> R write(CollectionSchema<?, ?> schema, String name, Supplier<R> call) {
        long began = System.nanoTime();
        Outcome outcome = Outcome.FAILED;
        try {
            R result = call.get();
            outcome = Outcome.SUCCESS;
            return result;
        } catch (RuntimeException e) {
            outcome = outcome(e);
            throw e;
        } finally {
            tell(Kind.WRITE, schema, name, outcome, began);
        }
    }

    private void tell(Kind kind, CollectionSchema<?, ?> schema, String name, Outcome outcome, long began) {
        long nanos = System.nanoTime() - began;
        Phase phase = phases.apply(schema);
        Store store = outcome == Outcome.STALE ? Store.JSON : phase.primary();
        listener.ended(new Call(kind, store, phase, name, outcome, nanos));
    }

    static Outcome outcome(RuntimeException e) {
        if (e instanceof VersionConflictException || e instanceof RecordExistsException) {
            return Outcome.CONFLICT;
        }
        if (e instanceof RecordRefusedException
                || e instanceof InvalidRecordException
                || e instanceof MixedPhasesException) {
            return Outcome.REFUSED;
        }
        if (e instanceof StoreUnavailableException) {
            return Outcome.UNAVAILABLE;
        }
        if (e instanceof UnknownOutcomeException) {
            return Outcome.UNKNOWN;
        }
        return e instanceof FencedException ? Outcome.FENCED : Outcome.FAILED;
    }

    /** Notices a stale answer, and passes it on. Used by one call. */
    private final class Staleness implements Consumer<Instant> {

        private boolean answered;

        @Override
        public void accept(Instant time) {
            answered = true;
            if (copyTime != null) {
                copyTime.accept(time);
            }
        }
    }
}
