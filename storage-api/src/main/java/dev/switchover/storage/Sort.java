package dev.switchover.storage;

/**
 * An order by one property, named by its JSON path ({@code "stats.total"}).
 *
 * <p>Numbers come by value, strings by Unicode code point, dates and instants by time, booleans false first; values of
 * different kinds come numbers, strings, booleans, then everything else, taken as equal. Null and absent count as one.
 */
public record Sort(String property, Direction direction, Nulls nulls) {

    public enum Direction {
        ASCENDING,
        DESCENDING
    }

    /** Where null and absent values go; not turned round by the direction. */
    public enum Nulls {
        FIRST,
        LAST
    }

    /** Smallest first, nulls last. */
    public static Sort ascending(String property) {
        return new Sort(property, Direction.ASCENDING, Nulls.LAST);
    }

    /** Largest first, nulls last. */
    public static Sort descending(String property) {
        return new Sort(property, Direction.DESCENDING, Nulls.LAST);
    }

    public Sort nullsFirst() {
        return new Sort(property, direction, Nulls.FIRST);
    }
}
