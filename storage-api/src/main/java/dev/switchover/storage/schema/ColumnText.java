package dev.switchover.storage.schema;

import dev.switchover.storage.document.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** One value between JSON and the text of its column. Immutable. */
final class ColumnText {

    /** Why a value does not fit its column, in words that follow the place. Without the value. */
    static final class Unfit extends Exception {

        private static final long serialVersionUID = 1;

        Unfit(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    /** An offset as PostgreSQL writes it, without minutes. */
    private final ColumnType type;
    /** Whether a moment's offset is part of its value, so that only UTC can be kept. */
    private final boolean keepsOffset;

    ColumnText(ColumnType type, boolean keepsOffset) {
        this.type = type;
        this.keepsOffset = keepsOffset;
    }

    String toColumn(JsonValue value, boolean lenient) throws Unfit {
        return switch (type) {
            case BIGINT -> integer(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case INTEGER -> integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case NUMERIC -> numeric(value, lenient);
            case DOUBLE -> floating(value);
            case BOOLEAN -> {
                if (value.kind() != JsonValue.Kind.TRUE && value.kind() != JsonValue.Kind.FALSE) {
                    throw new Unfit("must be true or false");
                }
                yield value.raw();
            }
            case TEXT -> string(value);
            case UUID -> {
                String text = string(value);
                if (!UUID.matcher(text).matches()) {
                    throw new Unfit("must be a UUID");
                }
                yield text.toLowerCase(Locale.ROOT);
            }
            case DATE -> date(string(value));
            case TIMESTAMP -> moment(string(value));
            case JSON -> ColumnMapping.compact(value);
        };
    }

    String toJson(String column) throws Unfit {
        return switch (type) {
            case BIGINT, INTEGER, JSON -> column;
            case NUMERIC -> {
                if (!DIGITS.matcher(column).matches()) {
                    throw new Unfit("holds what is no JSON number");
                }
                yield column;
            }
            case DOUBLE -> {
                double number = Double.parseDouble(column);
                if (Double.isNaN(number) || Double.isInfinite(number)) {
                    throw new Unfit("holds what is no JSON number");
                }
                yield Double.toString(number);
            }
            case BOOLEAN -> column.startsWith("t") ? "true" : "false";
            case TEXT, UUID -> IdText.quote(column);
            case DATE -> IdText.quote(date(column));
            case TIMESTAMP -> IdText.quote(stored(column));
        };
    }

    private static String integer(JsonValue value, long lowest, long highest) throws Unfit {
        String text = number(value).raw();
        try {
            long number = Long.parseLong(text);
            if (number < lowest || number > highest) {
                throw new Unfit("must be from " + lowest + " to " + highest);
            }
            return Long.toString(number);
        } catch (NumberFormatException e) {
            throw new Unfit("must be an integer from " + lowest + " to " + highest + ", without fraction and exponent");
        }
    }

    private static String numeric(JsonValue value, boolean lenient) throws Unfit {
        BigDecimal number = number(value).number();
        if (number.scale() < 0 && !lenient) {
            throw new Unfit("must be written without an exponent: a numeric column gives all digits back");
        }
        return number.toPlainString();
    }

    private static String floating(JsonValue value) throws Unfit {
        String raw = number(value).raw();
        // Without a point it is an integer to whoever reads the text, and those have no negative zero.
        double number = raw.equals("-0") ? 0 : Double.parseDouble(raw);
        if (Double.isInfinite(number)) {
            throw new Unfit("is too large for a double");
        }
        String text = Double.toString(number);
        if (!text.equals(raw) && value.number().compareTo(new BigDecimal(text)) != 0) {
            throw new Unfit("has more digits than a double can hold; declare the property as BigDecimal");
        }
        return text;
    }

    private static JsonValue number(JsonValue value) throws Unfit {
        if (value.kind() != JsonValue.Kind.NUMBER) {
            throw new Unfit("must be a number");
        }
        return value;
    }

    private static String string(JsonValue value) throws Unfit {
        if (value.kind() != JsonValue.Kind.STRING) {
            throw new Unfit("must be a string");
        }
        return value.string();
    }

    private static String date(String text) throws Unfit {
        try {
            LocalDate date = LocalDate.parse(text);
            year(date.getYear());
            return date.toString();
        } catch (DateTimeException e) {
            throw new Unfit("must be a calendar date like 2026-01-31");
        }
    }

    private String moment(String text) throws Unfit {
        OffsetDateTime moment;
        try {
            moment = OffsetDateTime.parse(text);
            if (!keepsOffset) {
                // A record class reads its instants by this rule, which wants the seconds.
                DateTimeFormatter.ISO_INSTANT.parse(text);
            }
        } catch (DateTimeException e) {
            throw new Unfit("must be a moment like 2026-01-31T10:00:00Z");
        }
        if (moment.getNano() % 1_000 != 0) {
            throw new Unfit("is finer than a microsecond; truncate it before saving");
        }
        if (keepsOffset && !moment.getOffset().equals(ZoneOffset.UTC)) {
            throw new Unfit("must have the offset Z: its column keeps the moment, not the offset");
        }
        return utc(moment);
    }

    /** In UTC, as it is written into a column, or as one says it without an offset. */
    private static String stored(String column) throws Unfit {
        String text = column.replace(' ', 'T');
        try {
            return utc(OffsetDateTime.parse(text.endsWith("Z") ? text : text + "Z"));
        } catch (DateTimeException e) {
            throw new Unfit("holds no moment from the years 1 to 9999");
        }
    }

    private static String utc(OffsetDateTime moment) throws Unfit {
        Instant instant = moment.toInstant();
        year(instant.atOffset(ZoneOffset.UTC).getYear());
        return instant.toString();
    }

    private static void year(int year) throws Unfit {
        if (year < 1 || year > 9999) {
            throw new Unfit("must be in the years 1 to 9999");
        }
    }
}
