package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand in a cell. */
enum CellKind {
    NAME(
            "a text that is not blank",
            value -> value.isTextual() && !value.textValue().isBlank()),
    TEXT("a text or null", value -> value.isNull() || value.isTextual()),
    LINK("an http address or null", value -> value.isNull() || isLink(value)),
    LINKS("a list of http addresses", CellKind::areLinks),
    AMOUNT("a number that is not negative, or null", value -> value.isNull() || isAmount(value)),
    COUNT("a whole number that is not negative, or null", value -> value.isNull() || isCount(value)),
    FLAG("true or false", JsonNode::isBoolean),
    DATE("a date or a time (ISO 8601), or null", value -> value.isNull() || isDate(value)),
    NUMBER("a number or null", value -> value.isNull() || value.isNumber()),
    SCALAR("a text, a number, true, false or null", JsonNode::isValueNode);

    private static final Map<String, CellKind> CELLS = Map.ofEntries(
            Map.entry("product", NAME),
            Map.entry("reference", TEXT),
            Map.entry("supplierLink", LINK),
            Map.entry("price.ttc", AMOUNT),
            Map.entry("price.htQuote", AMOUNT),
            Map.entry("order.ordered", FLAG),
            Map.entry("order.orderDate", DATE),
            Map.entry("order.quantity", COUNT),
            Map.entry("order.delivery.date", DATE),
            Map.entry("order.delivery.status", TEXT));

    private static final Map<String, CellKind> OF_AN_APPROVAL =
            Map.of("status", TEXT, "note", TEXT, "validatedAt", DATE, "replacementUrls", LINKS);

    private static final Pattern APPROVAL = Pattern.compile("approvals\\.(?:client|cray)\\.(\\w+)");
    private static final Pattern COMMENT = Pattern.compile("comments\\.\\w+");

    private final String description;
    private final Predicate<JsonNode> takes;

    CellKind(String description, Predicate<JsonNode> takes) {
        this.description = description;
        this.takes = takes;
    }

    /** Of a cell the planner knows; null of any other. */
    static @Nullable CellKind of(String path) {
        CellKind known = CELLS.get(path);
        if (known != null) {
            return known;
        }
        var approval = APPROVAL.matcher(path);
        if (approval.matches()) {
            return OF_AN_APPROVAL.get(approval.group(1));
        }
        return COMMENT.matcher(path).matches() ? TEXT : null;
    }

    /** What goes on being what it was. */
    static CellKind like(@Nullable JsonNode value) {
        if (value == null) {
            return SCALAR;
        }
        return switch (value.getNodeType()) {
            case STRING -> TEXT;
            case NUMBER -> NUMBER;
            case BOOLEAN -> FLAG;
            default -> SCALAR;
        };
    }

    boolean takes(JsonNode value) {
        return takes.test(value);
    }

    /** For people. */
    String description() {
        return description;
    }

    private static boolean isAmount(JsonNode value) {
        return value.isNumber() && value.decimalValue().signum() >= 0;
    }

    private static boolean isCount(JsonNode value) {
        return value.isIntegralNumber() && value.decimalValue().compareTo(BigDecimal.ZERO) >= 0;
    }

    private static boolean areLinks(JsonNode value) {
        if (!value.isArray()) {
            return false;
        }
        for (JsonNode one : value) {
            if (!isLink(one)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLink(JsonNode value) {
        if (!value.isTextual()) {
            return false;
        }
        try {
            URI uri = new URI(value.textValue());
            String scheme = uri.getScheme();
            return scheme != null && scheme.toLowerCase(Locale.ROOT).matches("https?") && uri.getRawAuthority() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isDate(JsonNode value) {
        if (!value.isTextual()) {
            return false;
        }
        String text = value.textValue();
        try {
            if (text.indexOf('T') < 0) {
                LocalDate.parse(text);
            } else {
                OffsetDateTime.parse(text);
            }
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
