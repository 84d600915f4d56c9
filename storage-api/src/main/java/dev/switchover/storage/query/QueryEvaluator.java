package dev.switchover.storage.query;

import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A query over records in memory: the meaning of {@link Query} that SQL has to match. Immutable and thread-safe.
 */
public final class QueryEvaluator {

    /** @throws IllegalArgumentException if a filter's value is of no supported class, or a page key is not of this query */
    public static QueryEvaluator of(CollectionSchema<?, ?> schema, Query query) {
        throw new UnsupportedOperationException();
    }

    /** Whether all filters hold. */
    public Predicate<RawRecord> filter() {
        throw new UnsupportedOperationException();
    }

    /** The sorts, ending in the collection's order. */
    public Comparator<RawRecord> order() {
        throw new UnsupportedOperationException();
    }

    /** Filters, sorts, goes behind the page key, skips the offset and stops at the limit. {@code records} come in order. */
    public List<RawRecord> evaluate(Iterable<RawRecord> records) {
        throw new UnsupportedOperationException();
    }
}
