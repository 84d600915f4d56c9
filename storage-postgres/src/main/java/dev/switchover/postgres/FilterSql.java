package dev.switchover.postgres;

import dev.switchover.storage.Filter;
import dev.switchover.storage.schema.PropertyKind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters in SQL. Every value is a parameter. Used once, by one thread. */
final class FilterSql {

    private static final Pattern CANONICAL_UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern CANONICAL_DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

    private final RecordTable table;
    private final Names names;
    private final List<@Nullable Object> parameters;

    /** @param parameters where to add the values */
    FilterSql(RecordTable table, Names names, List<@Nullable Object> parameters) {
        this.table = table;
        this.names = names;
        this.parameters = parameters;
    }

    String where(List<Filter> filters) {
        StringBuilder sql = new StringBuilder();
        for (Filter filter : filters) {
            sql.append(sql.isEmpty() ? " WHERE " : " AND ").append(condition(filter));
        }
        return sql.toString();
    }

    private String condition(Filter filter) {
        PropertySql property = PropertySql.of(table, names, filter.property(), "r.");
        PropertyKind kind = table.schema().kind(filter.property());
        if (filter instanceof Filter.Comparison comparison) {
            return compare(property, sign(comparison.comparator()), Operand.of(comparison.value(), kind));
        }
        if (filter instanceof Filter.In in) {
            return in(
                    property,
                    in.values().stream().map(value -> Operand.of(value, kind)).toList());
        }
        if (filter instanceof Filter.Prefix prefix) {
            return prefix(property, prefix.prefix());
        }
        return ((Filter.Null) filter).expected() ? "NOT " + property.present() : property.present();
    }

    private static String sign(Filter.Comparator comparator) {
        return switch (comparator) {
            case EQUAL -> "=";
            case NOT_EQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }

    /** Not true where the value is of another kind, or missing. */
    String compare(PropertySql property, String sign, Operand operand) {
        if (operand instanceof Operand.Num number) {
            return number(property, sign, number.value());
        } else if (operand instanceof Operand.Flag flag) {
            return property.flag() == null
                    ? "false"
                    : parameter(property.flag() + " " + sign + " ?::boolean", Boolean.toString(flag.value()));
        } else if (operand instanceof Operand.Moment moment) {
            return moment(property, sign, moment);
        }
        return text(property, sign, ((Operand.Text) operand).value());
    }

    private String parameter(String sql, Object value) {
        parameters.add(value);
        return sql;
    }

    private String number(PropertySql property, String sign, BigDecimal value) {
        String number = property.number();
        if (number == null) {
            return "false";
        }
        if (property.shape() == PropertySql.Shape.DOUBLE) {
            return floating(number, sign, value);
        }
        if (property.shape() != PropertySql.Shape.INTEGER) {
            return parameter(number + " " + sign + " ?::numeric", value.toPlainString());
        }
        if (integral(value)) {
            return parameter(number + " " + sign + " ?::bigint", value.longValueExact());
        }
        return parameter(number + "::numeric " + sign + " ?::numeric", value.toPlainString());
    }

    /**
     * A double is compared as the decimal Java writes for it, which is not always the one PostgreSQL writes. So it is compared
     * as a double, and where the operand is none, with the nearest one.
     */
    private String floating(String column, String sign, BigDecimal operand) {
        double nearest = operand.doubleValue();
        int order = Double.isInfinite(nearest)
                ? (nearest > 0 ? 1 : -1)
                : new BigDecimal(Double.toString(nearest)).compareTo(operand);
        if (order == 0) {
            return parameter(column + " " + sign + " ?::float8", Double.toString(nearest));
        }
        return switch (sign) {
            case "=" -> "false";
            case "<>" -> column + " IS NOT NULL";
            case "<", "<=" -> parameter(column + (order < 0 ? " <= " : " < ") + "?::float8", Double.toString(nearest));
            default -> parameter(column + (order < 0 ? " > " : " >= ") + "?::float8", Double.toString(nearest));
        };
    }

    private static boolean integral(BigDecimal value) {
        return value.compareTo(LEAST) >= 0
                && value.compareTo(MOST) <= 0
                && value.stripTrailingZeros().scale() <= 0;
    }

    private String moment(PropertySql property, String sign, Operand.Moment operand) {
        String moment = property.moment();
        if (moment == null) {
            return "false";
        }
        if (property.shape() == PropertySql.Shape.JSON) {
            return parameter(
                    moment + " " + sign + " ?::numeric", operand.seconds().toPlainString());
        }
        Instant value = operand.value();
        boolean exact = value.getNano() % 1_000 == 0 && !value.isBefore(FIRST) && !value.isAfter(LAST);
        return exact
                ? parameter(moment + " " + sign + " ?::timestamptz", value.toString())
                : parameter(
                        "extract(epoch FROM " + moment + ")::numeric " + sign + " ?::numeric",
                        operand.seconds().toPlainString());
    }

    private String text(PropertySql property, String sign, String value) {
        String text = property.text();
        if (text == null) {
            return "false";
        }
        if (property.shape() == PropertySql.Shape.DATE && date(value)) {
            return parameter(property.value() + " " + sign + " ?::date", value);
        }
        if (property.shape() == PropertySql.Shape.UUID
                && CANONICAL_UUID.matcher(value).matches()) {
            return parameter(property.value() + " " + sign + " ?::uuid", value);
        }
        return parameter(text + " " + sign + " ?::text", value);
    }

    private static boolean date(String value) {
        if (!CANONICAL_DATE.matcher(value).matches() || value.startsWith("0000")) {
            return false;
        }
        try {
            LocalDate.parse(value);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private String in(PropertySql property, List<Operand> operands) {
        List<String> alternatives = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Long> integers = new ArrayList<>();
        for (Operand operand : operands) {
            if (operand instanceof Operand.Text text
                    && (property.shape() == PropertySql.Shape.TEXT || property.shape() == PropertySql.Shape.JSON)) {
                texts.add(text.value());
            } else if (operand instanceof Operand.Num number
                    && property.shape() == PropertySql.Shape.INTEGER
                    && integral(number.value())) {
                integers.add(number.value().longValueExact());
            } else {
                alternatives.add(compare(property, "=", operand));
            }
        }
        if (!texts.isEmpty()) {
            alternatives.add(parameter(property.text() + " = ANY (?::text[])", Bind.Texts.of(texts)));
        }
        if (!integers.isEmpty()) {
            alternatives.add(parameter(property.number() + " = ANY (?::bigint[])", Bind.Longs.of(integers)));
        }
        return alternatives.isEmpty() ? "false" : "(" + String.join(" OR ", alternatives) + ")";
    }

    private String prefix(PropertySql property, String prefix) {
        String written = property.written();
        if (written == null) {
            return "false";
        }
        String begins = parameter("starts_with(" + written + ", ?::text)", prefix);
        String text = property.text();
        String behind = successor(prefix);
        if (text == null || property.moment() != null || behind == null) {
            return begins;
        }
        // The same as a range, which an index can answer.
        parameters.add(prefix);
        parameters.add(behind);
        return "(" + begins + " AND " + text + " >= ?::text AND " + text + " < ?::text)";
    }

    /** The first string behind all that begin with this one; null if there is none. */
    static @Nullable String successor(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int last = points.length - 1; last >= 0; last--) {
            if (points[last] < Character.MAX_CODE_POINT) {
                int next = points[last] + 1;
                // Half of a surrogate pair is no character of its own.
                int sound = next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE
                        ? Character.MAX_SURROGATE + 1
                        : next;
                return new StringBuilder(new String(points, 0, last))
                        .appendCodePoint(sound)
                        .toString();
            }
        }
        return null;
    }
}
