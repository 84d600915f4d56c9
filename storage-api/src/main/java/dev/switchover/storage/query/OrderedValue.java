package dev.switchover.storage.query;

import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.query.PageKeys.SortValue;
import dev.switchover.storage.schema.PropertyKind;
import dev.switchover.storage.schema.RecordId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One value as filters and sorts see it. Immutable.
 *
 * @param rank see {@link SortValue}
 * @param value a {@code BigDecimal}, {@code Instant}, {@code String} or {@code Boolean}; null for ranks without one
 */
record OrderedValue(int rank, @Nullable Object value) implements Comparable<OrderedValue> {

    static final int NUMBER = 0;
    static final int TEXT = 1;
    static final int BOOLEAN = 2;
    static final int OTHER = 3;
    static final int NULL = 4;

    /** Twice what a record's number may have; written out, an exponent may be longer than memory. */
    private static final int MOST_DIGITS = 32_000;

    static final OrderedValue NOTHING = new OrderedValue(NULL, null);

    /** Of a record's property; null for an absent one. */
    static OrderedValue of(@Nullable JsonValue json, PropertyKind kind) {
        if (json == null) {
            return NOTHING;
        }
        return switch (json.kind()) {
            case NULL -> NOTHING;
            case NUMBER -> new OrderedValue(NUMBER, json.number());
            case STRING -> text(json.string(), kind);
            case TRUE -> new OrderedValue(BOOLEAN, true);
            case FALSE -> new OrderedValue(BOOLEAN, false);
            case OBJECT, ARRAY -> new OrderedValue(OTHER, null);
        };
    }

    /**
     * Of a filter's value.
     *
     * @throws IllegalArgumentException if its class is not supported, or no record can hold it
     */
    static OrderedValue ofOperand(Object operand, PropertyKind kind) {
        if (operand instanceof Boolean) {
            return new OrderedValue(BOOLEAN, operand);
        }
        if (operand instanceof Number number) {
            return new OrderedValue(NUMBER, decimal(number));
        }
        if (operand instanceof Instant || operand instanceof OffsetDateTime) {
            Instant moment = operand instanceof OffsetDateTime offset ? offset.toInstant() : (Instant) operand;
            return kind == PropertyKind.TIMESTAMP
                    ? new OrderedValue(TEXT, moment)
                    : new OrderedValue(TEXT, operand.toString());
        }
        if (operand instanceof Enum<?> constant) {
            return new OrderedValue(TEXT, constant.name());
        }
        if (operand instanceof String || operand instanceof LocalDate || operand instanceof UUID) {
            return text(storable(operand.toString()), kind);
        }
        throw new IllegalArgumentException(
                "A filter's value must be a string, number, boolean, enum, date, moment or UUID," + " not "
                        + operand.getClass().getName());
    }

    static OrderedValue of(SortValue sortValue, PropertyKind kind) {
        String text = sortValue.text();
        if (text == null) {
            return sortValue.rank() == NULL ? NOTHING : new OrderedValue(OTHER, null);
        }
        return switch (sortValue.rank()) {
            case NUMBER -> new OrderedValue(NUMBER, new BigDecimal(text));
            case BOOLEAN -> new OrderedValue(BOOLEAN, Boolean.valueOf(text));
            default -> text(text, kind);
        };
    }

    SortValue toSortValue() {
        if (value == null) {
            return new SortValue(rank, null);
        }
        return new SortValue(rank, value instanceof BigDecimal number ? number.toPlainString() : value.toString());
    }

    boolean isNull() {
        return rank == NULL;
    }

    /** Whether comparing means something: numbers with numbers, moments with moments, and so on. */
    boolean comparable(OrderedValue other) {
        return value != null && other.value != null && value.getClass() == other.value.getClass();
    }

    /** Ascending; null last. */
    @Override
    public int compareTo(OrderedValue other) {
        if (rank != other.rank) {
            return Integer.compare(rank, other.rank);
        }
        if (value instanceof BigDecimal left && other.value instanceof BigDecimal right) {
            return left.compareTo(right);
        }
        if (value instanceof Boolean left && other.value instanceof Boolean right) {
            return left.compareTo(right);
        }
        if (value instanceof Instant left) {
            return other.value instanceof Instant right ? left.compareTo(right) : -1;
        }
        if (value instanceof String left) {
            return other.value instanceof String right ? RecordId.compareCodePoints(left, right) : 1;
        }
        return 0;
    }

    /** @throws IllegalArgumentException if no record can hold the text, so that it cannot even be sent to PostgreSQL */
    static String storable(String text) {
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "A query's text holds a NUL character or half of a surrogate pair, which no" + " record can hold");
        }
        return text;
    }

    static OrderedValue text(String text, PropertyKind kind) {
        if (kind == PropertyKind.TIMESTAMP) {
            try {
                return new OrderedValue(TEXT, OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                // Not what the class says; then it is compared as what it is.
                return new OrderedValue(TEXT, text);
            }
        }
        return new OrderedValue(TEXT, text);
    }

    private static BigDecimal decimal(Number number) {
        double asDouble = number.doubleValue();
        if ((number instanceof Double || number instanceof Float)
                && (Double.isNaN(asDouble) || Double.isInfinite(asDouble))) {
            throw new IllegalArgumentException("A filter's number must be finite");
        }
        try {
            BigDecimal decimal = number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
            if (Math.abs((long) decimal.scale()) > MOST_DIGITS || decimal.precision() > MOST_DIGITS) {
                throw new IllegalArgumentException("A filter's number has more than " + MOST_DIGITS + " digits");
            }
            return decimal;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("A filter's number must be of java.lang or java.math, not "
                    + number.getClass().getName());
        }
    }
}
