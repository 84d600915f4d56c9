package dev.switchover.storage;

import java.util.Collection;
import java.util.List;

/**
 * A condition on one property, named by its JSON path ({@code "stats.total"}).
 *
 * <p>Values may be {@code String}, {@code Boolean}, any {@code Number} of {@code java.lang} and {@code java.math}, enums,
 * {@code LocalDate}, {@code Instant}, {@code OffsetDateTime} and {@code UUID}. A value matches values of its own kind
 * only, whatever the comparator: {@code 7} is not {@code "7"}, and {@link #notEqual} to {@code 7} finds no strings; {@code
 * 1.0} and {@code 1.00} are the same number. Null and absent match nothing but {@link #isNull}; they do not match {@link
 * #notEqual} either. Where the record class says that a property is a moment, values are compared as moments, whatever
 * their offset. Text that no record can hold (NUL, half of a surrogate pair) is refused with {@code
 * IllegalArgumentException}.
 */
public sealed interface Filter {

    String property();

    enum Comparator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    record Comparison(String property, Comparator comparator, Object value) implements Filter {}

    record In(String property, List<Object> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    /** Strings that begin with {@code prefix}, code point for code point. */
    record Prefix(String property, String prefix) implements Filter {}

    /** Null or absent ({@code expected} true), or neither (false). */
    record Null(String property, boolean expected) implements Filter {}

    static Filter equal(String property, Object value) {
        return new Comparison(property, Comparator.EQUAL, value);
    }

    static Filter notEqual(String property, Object value) {
        return new Comparison(property, Comparator.NOT_EQUAL, value);
    }

    static Filter less(String property, Object value) {
        return new Comparison(property, Comparator.LESS, value);
    }

    static Filter lessOrEqual(String property, Object value) {
        return new Comparison(property, Comparator.LESS_OR_EQUAL, value);
    }

    static Filter greater(String property, Object value) {
        return new Comparison(property, Comparator.GREATER, value);
    }

    static Filter greaterOrEqual(String property, Object value) {
        return new Comparison(property, Comparator.GREATER_OR_EQUAL, value);
    }

    static Filter in(String property, Collection<?> values) {
        return new In(property, List.copyOf(values));
    }

    static Filter prefix(String property, String prefix) {
        return new Prefix(property, prefix);
    }

    static Filter isNull(String property) {
        return new Null(property, true);
    }

    static Filter isNotNull(String property) {
        return new Null(property, false);
    }
}
