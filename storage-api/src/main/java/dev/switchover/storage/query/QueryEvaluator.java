package dev.switchover.storage.query;

import dev.switchover.storage.Filter;
import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A query over records in memory: the meaning of {@link Query} that SQL has to match. Immutable and thread-safe.
 */
public final class QueryEvaluator {

    private final Query query;
    private final Predicate<RawRecord> filter;
    private final SortOrder order;
    private final SortOrder.@Nullable Place after;

    private QueryEvaluator(CollectionSchema<?, ?> schema, Query query) {
        this.query = query;
        this.order = new SortOrder(schema, query.sorts());
        Predicate<RawRecord> all = record -> !record.id().isEnvelope();
        for (Filter one : query.filters()) {
            all = all.and(FilterEvaluator.of(schema, one));
        }
        this.filter = all;
        PageKey key = query.pageKey();
        this.after = key == null ? null : place(PageKeys.decode(query, key));
    }

    /** @throws IllegalArgumentException if a filter's value is of no supported class, or a page key is not of this query */
    public static QueryEvaluator of(CollectionSchema<?, ?> schema, Query query) {
        return new QueryEvaluator(schema, query);
    }

    /** Whether all filters hold. */
    public Predicate<RawRecord> filter() {
        return filter;
    }

    /** The sorts, ending in the collection's order. */
    public Comparator<RawRecord> order() {
        return (left, right) -> order.compare(order.place(left), order.place(right));
    }

    /** Filters, sorts, goes behind the page key, skips the offset and stops at the limit. {@code records} come in order. */
    public List<RawRecord> evaluate(Iterable<RawRecord> records) {
        return query.sorts().isEmpty() ? inOrder(records) : sorted(records);
    }

    private List<RawRecord> inOrder(Iterable<RawRecord> records) {
        List<RawRecord> found = new ArrayList<>();
        long toSkip = query.offset();
        for (RawRecord record : records) {
            if (query.limit() >= 0 && found.size() >= query.limit()) {
                break;
            }
            boolean behind = after == null || record.order() > after.order();
            if (behind && filter.test(record) && toSkip-- <= 0) {
                found.add(record);
            }
        }
        return found;
    }

    private List<RawRecord> sorted(Iterable<RawRecord> records) {
        List<Found> found = new ArrayList<>();
        for (RawRecord record : records) {
            if (filter.test(record)) {
                SortOrder.Place place = order.place(record);
                if (after == null || order.compare(place, after) > 0) {
                    found.add(new Found(record, place));
                }
            }
        }
        found.sort((left, right) -> order.compare(left.place, right.place));
        return found.stream()
                .skip(query.offset())
                .limit(query.limit() < 0 ? Long.MAX_VALUE : query.limit())
                .map(Found::record)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private record Found(RawRecord record, SortOrder.Place place) {}

    private SortOrder.Place place(PageKeys.Decoded decoded) {
        List<OrderedValue> values = new ArrayList<>();
        for (int i = 0; i < decoded.values().size(); i++) {
            values.add(OrderedValue.of(decoded.values().get(i), order.reader(i).kind()));
        }
        return new SortOrder.Place(values, decoded.order());
    }
}
