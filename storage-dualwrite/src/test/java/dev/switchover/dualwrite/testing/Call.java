package dev.switchover.dualwrite.testing;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * One call to a {@link MemoryStore}, as faults see it.
 *
 * @param ids of the records it is about, as far as known before it runs
 */
public record Call(Operation operation, List<String> collections, List<RecordId> ids) {

    public enum Operation {
        FIND,
        QUERY,
        NEXT_ID,
        WRITE,
        SCAN,
        /** Before each record of a scan. */
        SCAN_NEXT,
        APPLY,
        FORCE,
        LOAD,
        TAKE,
        ACKNOWLEDGE,
        MARK,
        PARK,
        LIST_PARKED,
        RETRY,
        DISCARD,
        SUMMARY,
        AMONG,
        READ_LEDGER,
        COMPARE_AND_SET,
        QUIESCE,
        REMEMBER,
        REMEMBERS,
        NOTE_SEEN,
        READ_LEASE,
        RENEW_LEASE,
        NOTE_PHASE,
        LAST_PHASE,
        PREPARE,
        HAS_RECORDS,
        PING;

        /** What holds the table lock while it runs, so that a quiesce waits for it. */
        public boolean writesRecords() {
            return switch (this) {
                case WRITE, NEXT_ID, APPLY, LOAD, ACKNOWLEDGE, MARK, PARK, RETRY, DISCARD -> true;
                default -> false;
            };
        }

        /** What leaves a trace in the store. */
        public boolean changes() {
            return switch (this) {
                case COMPARE_AND_SET, REMEMBER, NOTE_SEEN, RENEW_LEASE, NOTE_PHASE -> true;
                default -> writesRecords();
            };
        }
    }

    static Call of(Operation operation) {
        return new Call(operation, List.of(), List.of());
    }

    static Call of(Operation operation, CollectionSchema<?, ?> schema) {
        return new Call(operation, List.of(schema.name()), List.of());
    }

    static Call of(Operation operation, CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return new Call(operation, List.of(schema.name()), List.copyOf(ids));
    }

    /** Matches calls of this operation. */
    public static Predicate<Call> to(Operation operation) {
        return call -> call.operation() == operation;
    }

    /** Matches calls of this operation that name the id. */
    public static Predicate<Call> to(Operation operation, RecordId id) {
        return call -> call.operation() == operation && call.ids().contains(id);
    }
}
