package dev.switchover.examples.expenses;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a field's value has to be. Nothing is guessed: {@code "yes"} is no boolean and {@code 7} is no text. */
enum FieldType {
    TEXT {
        @Override
        @Nullable
        Object read(JsonNode node, String place, Problems problems) {
            if (node.isTextual()) {
                return node.textValue();
            }
            problems.add("string_type", "Input should be a string", "body", place);
            return null;
        }
    },
    FLAG {
        @Override
        @Nullable
        Object read(JsonNode node, String place, Problems problems) {
            if (node.isBoolean()) {
                return node.booleanValue();
            }
            problems.add("bool_type", "Input should be true or false", "body", place);
            return null;
        }
    },
    DATE {
        @Override
        @Nullable
        Object read(JsonNode node, String place, Problems problems) {
            if (node.isTextual() && CALENDAR_DATE.matcher(node.textValue()).matches()) {
                try {
                    return LocalDate.parse(node.textValue());
                } catch (DateTimeException noSuchDay) {
                    problems.add("date_parsing", "There is no such day in the calendar", "body", place);
                    return null;
                }
            }
            problems.add("date_type", "Input should be a calendar date like \"2026-01-31\"", "body", place);
            return null;
        }
    },
    DECIMAL {
        @Override
        @Nullable
        Object read(JsonNode node, String place, Problems problems) {
            if (node.isNumber()) {
                return writtenOut(node.decimalValue(), place, problems);
            }
            if (!node.isTextual()) {
                problems.add("decimal_type", "Input should be a number or a numeric string", "body", place);
                return null;
            }
            String text = node.textValue().strip();
            if (text.length() > MOST_DIGITS) {
                problems.add("decimal_max_digits", TOO_LONG, "body", place);
                return null;
            }
            if (!NUMBER.matcher(text).matches()) {
                problems.add("decimal_parsing", "Input should be a number or a numeric string", "body", place);
                return null;
            }
            try {
                return writtenOut(new BigDecimal(text), place, problems);
            } catch (NumberFormatException exponentOverflow) {
                problems.add("decimal_max_digits", TOO_LONG, "body", place);
                return null;
            }
        }
    };

    private static final Pattern CALENDAR_DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final int MOST_DIGITS = 1_000;
    private static final String TOO_LONG = "Written out, the number has more than " + MOST_DIGITS + " digits";

    /** The value, or null after noting what is wrong with it at {@code place}. */
    abstract @Nullable Object read(JsonNode node, String place, Problems problems);

    /** The same number without an exponent: no store keeps the difference between 1e2 and 100. */
    private static @Nullable BigDecimal writtenOut(BigDecimal number, String place, Problems problems) {
        // In long: a scale near the ends of int would overflow.
        long before = Math.max(0, (long) number.precision() - number.scale());
        long behind = Math.max(0, number.scale());
        if (before + behind > MOST_DIGITS) {
            problems.add("decimal_max_digits", TOO_LONG, "body", place);
            return null;
        }
        return number.scale() < 0 ? number.setScale(0) : number;
    }
}
