package dev.switchover.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records, in which order, how many. Immutable; each method returns a changed copy.
 *
 * <p>Properties are named by their JSON path. Names are not checked: records keep properties that their class does not know, and
 * those can be asked for too. A property that is in no record is null in all.
 *
 * @param filters all must hold
 * @param sorts the first decides, the others break ties, the collection's order breaks the last ones
 * @param limit the largest number of records, or -1 for all
 * @param offset how many to skip first
 * @param pageKey where to go on, or null to begin at the beginning
 */
public record Query(
        List<Filter> filters,
        List<Sort> sorts,
        long limit,
        long offset,
        @Nullable PageKey pageKey) {

    private static final Query ALL = new Query(List.of(), List.of(), -1, 0, null);

    public Query {
        filters = List.copyOf(filters);
        sorts = List.copyOf(sorts);
        if (limit < -1) {
            throw new IllegalArgumentException("limit must not be negative: " + limit);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative: " + offset);
        }
    }

    public static Query all() {
        return ALL;
    }

    /** Adds a condition. */
    public Query where(Filter filter) {
        return new Query(append(filters, filter), sorts, limit, offset, pageKey);
    }

    /** Adds an order; the earlier ones decide first. */
    public Query orderBy(Sort sort) {
        return new Query(filters, append(sorts, sort), limit, offset, pageKey);
    }

    public Query limit(long records) {
        return new Query(filters, sorts, records, offset, pageKey);
    }

    public Query offset(long records) {
        return new Query(filters, sorts, limit, records, pageKey);
    }

    /** Goes on behind the place a {@link Page} of the same filters and sorts ended at. */
    public Query after(PageKey key) {
        return new Query(filters, sorts, limit, offset, key);
    }

    private static <E> List<E> append(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}
