package dev.switchover.storage.query;

import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Page keys: the sort values of the last record of a page and its place in the collection's order. */
public final class PageKeys {

    private PageKeys() {}

    /**
     * A key taken apart.
     *
     * @param values one for each sort of the query
     * @param order of the last record
     */
    public record Decoded(List<SortValue> values, long order) {}

    /**
     * The value of one property as sorts see it.
     *
     * @param rank numbers 0, strings 1 (dates and timestamps too), booleans 2, anything else 3, null and absent 4
     * @param text a number in plain digits, a string as it is, a timestamp in UTC, {@code true} or {@code false}; null for
     *     ranks 3 and 4
     */
    public record SortValue(int rank, @Nullable String text) {}

    /** The key of the place behind {@code last}. */
    public static PageKey of(CollectionSchema<?, ?> schema, Query query, RawRecord last) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException if the key is not one of a query with these sorts */
    public static Decoded decode(Query query, PageKey key) {
        throw new UnsupportedOperationException();
    }
}
