package dev.switchover.storage.schema;

import dev.switchover.storage.document.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One id, or one component of an id, between JSON, canonical text and the caller's class. */
enum IdText {
    LONG("a JSON integer", ColumnType.BIGINT) {
        @Override
        String canonical(JsonValue value) throws Refused {
            if (value.kind() != JsonValue.Kind.NUMBER) {
                throw new Refused(
                        value.kind() == JsonValue.Kind.STRING ? "must be a JSON number, not a string" : number());
            }
            String text = value.raw();
            if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
                throw new Refused("must be an integer, written without fraction and exponent");
            }
            return canonical(text);
        }

        @Override
        String canonical(String text) throws Refused {
            try {
                String canonical = Long.toString(Long.parseLong(text));
                if (canonical.equals(text)) {
                    return canonical;
                }
            } catch (NumberFormatException e) {
                if (DECIMAL.matcher(text).matches()) {
                    throw new Refused("must fit into 64 bits");
                }
            }
            throw new Refused(number());
        }

        private String number() {
            return "must be an integer without leading zeros";
        }

        @Override
        Object value(String canonical) {
            return Long.parseLong(canonical);
        }
    },
    STRING("a string", ColumnType.TEXT) {
        @Override
        String canonical(String text) throws Refused {
            if (text.indexOf('\0') >= 0) {
                throw new Refused("holds a NUL character, which PostgreSQL cannot store");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new Refused("holds half of a surrogate pair");
            }
            return text;
        }

        @Override
        Object value(String canonical) {
            return canonical;
        }
    },
    UUID("a UUID", ColumnType.UUID) {
        @Override
        String canonical(String text) throws Refused {
            if (!HEXADECIMAL.matcher(text).matches()) {
                throw new Refused("must be a UUID: 32 hexadecimal digits in groups of 8-4-4-4-12");
            }
            return text.toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        Object value(String canonical) {
            return java.util.UUID.fromString(canonical);
        }
    };

    /** Why something is no id. Without the value. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private static final Pattern DECIMAL = Pattern.compile("-?[1-9][0-9]{0,19}");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final String label;
    private final ColumnType column;

    IdText(String label, ColumnType column) {
        this.label = label;
        this.column = column;
    }

    /** The kind of id a class stands for, or null. */
    static @Nullable IdText of(Class<?> type) {
        if (type == Long.class || type == long.class || type == Integer.class || type == int.class) {
            return LONG;
        }
        if (type == String.class) {
            return STRING;
        }
        return type == java.util.UUID.class ? UUID : null;
    }

    String label() {
        return label;
    }

    /** Whether a property of this class can hold the id. */
    boolean fits(Class<?> property) {
        IdText kind = of(property);
        return kind == this || (this == UUID && kind == STRING);
    }

    ColumnType column() {
        return column;
    }

    /** The canonical text of an id in a body. */
    String canonical(JsonValue value) throws Refused {
        if (value.kind() != JsonValue.Kind.STRING) {
            throw new Refused("must be a JSON string");
        }
        return canonical(value.string());
    }

    /** The canonical text of an id written as text. */
    abstract String canonical(String text) throws Refused;

    /** The id as {@code Long}, {@code String} or {@code UUID}. */
    abstract Object value(String canonical);

    /** The id as JSON text. */
    String json(String canonical) {
        return this == LONG ? canonical : quote(canonical);
    }

    /** A JSON string with no more escapes than it needs; always the same for the same string. */
    static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escape = "\"\\\b\f\n\r\t".indexOf(c);
            if (escape >= 0) {
                json.append('\\').append("\"\\bfnrt".charAt(escape));
            } else if (c < 0x20) {
                json.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
