package dev.switchover.storage.document;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value where it stands in a text that {@link StrictJson} has accepted; on any other text the outcome is undefined. A view:
 * nothing is copied until it is asked for. Immutable as long as nobody changes the bytes.
 */
public final class JsonValue {

    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL
    }

    /** One member of an object. */
    public record Member(JsonValue key, JsonValue value) {
        public String name() {
            return key.string();
        }
    }

    private final byte[] text;
    private final int from;
    /** Looked for when somebody asks; 0 until then. Threads that look at the same time find the same. */
    private int to;

    private JsonValue(byte[] text, int from) {
        this.text = text;
        this.from = from;
    }

    /** The whole of a text, without the white space around it. */
    public static JsonValue of(byte[] text) {
        return at(text, skipBlanks(text, 0));
    }

    static JsonValue at(byte[] text, int from) {
        return new JsonValue(text, from);
    }

    public Kind kind() {
        return switch (text[from]) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't' -> Kind.TRUE;
            case 'f' -> Kind.FALSE;
            case 'n' -> Kind.NULL;
            default -> Kind.NUMBER;
        };
    }

    public boolean isNull() {
        return text[from] == 'n';
    }

    /** Offset of the first byte. */
    public int from() {
        return from;
    }

    /** Offset behind the last byte. */
    public int to() {
        int found = to;
        if (found == 0) {
            found = end(text, from);
            to = found;
        }
        return found;
    }

    /** The members of an object, in their order. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        int at = skipBlanks(text, from + 1);
        while (text[at] != '}') {
            JsonValue key = at(text, at);
            JsonValue value = at(text, skipBlanks(text, skipBlanks(text, key.to()) + 1));
            members.add(new Member(key, value));
            at = behindComma(value.to());
        }
        return members;
    }

    /** The elements of an array, in their order. */
    public List<JsonValue> elements() {
        List<JsonValue> elements = new ArrayList<>();
        int at = skipBlanks(text, from + 1);
        while (text[at] != ']') {
            JsonValue value = at(text, at);
            elements.add(value);
            at = behindComma(value.to());
        }
        return elements;
    }

    /** The value of an object's member, or null. */
    public @Nullable JsonValue member(String name) {
        return member(name, name.getBytes(StandardCharsets.UTF_8));
    }

    @Nullable
    JsonValue member(String name, byte[] utf8) {
        int at = skipBlanks(text, from + 1);
        while (text[at] != '}') {
            int keyEnd = end(text, at);
            int value = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
            if (Arrays.equals(text, at + 1, keyEnd - 1, utf8, 0, utf8.length)
                    || (escaped(text, at + 1, keyEnd - 1)
                            && decode(text, at + 1, keyEnd - 1).equals(name))) {
                return at(text, value);
            }
            at = behindComma(end(text, value));
        }
        return null;
    }

    /** A string, its escapes resolved. */
    public String string() {
        return decode(text, from + 1, to() - 1);
    }

    /** A number, with the scale it is written with. */
    public BigDecimal number() {
        return new BigDecimal(raw());
    }

    /** The text as it is. */
    public String raw() {
        return new String(text, from, to() - from, StandardCharsets.UTF_8);
    }

    /** A copy of the text as it is. */
    public byte[] bytes() {
        return Arrays.copyOfRange(text, from, to());
    }

    public boolean sameText(JsonValue other) {
        return Arrays.equals(text, from, to(), other.text, other.from, other.to());
    }

    byte[] source() {
        return text;
    }

    static boolean blank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    static int skipBlanks(byte[] text, int from) {
        int at = from;
        while (at < text.length && blank(text[at])) {
            at++;
        }
        return at;
    }

    /** Resolves the escapes of what stands between two quotes. */
    static String decode(byte[] text, int from, int to) {
        String raw = new String(text, from, to - from, StandardCharsets.UTF_8);
        int escape = raw.indexOf('\\');
        if (escape < 0) {
            return raw;
        }
        StringBuilder resolved = new StringBuilder(raw.length());
        int done = 0;
        while (escape >= 0) {
            resolved.append(raw, done, escape);
            char kind = raw.charAt(escape + 1);
            done = escape + 2;
            switch (kind) {
                case 'b' -> resolved.append('\b');
                case 'f' -> resolved.append('\f');
                case 'n' -> resolved.append('\n');
                case 'r' -> resolved.append('\r');
                case 't' -> resolved.append('\t');
                case 'u' -> {
                    resolved.append((char) Integer.parseInt(raw.substring(done, done + 4), 16));
                    done += 4;
                }
                default -> resolved.append(kind);
            }
            escape = raw.indexOf('\\', done);
        }
        return resolved.append(raw, done, raw.length()).toString();
    }

    private static boolean escaped(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private int behindComma(int end) {
        int at = skipBlanks(text, end);
        return text[at] == ',' ? skipBlanks(text, at + 1) : at;
    }

    private static int end(byte[] text, int from) {
        byte first = text[from];
        if (first == '"') {
            return stringEnd(text, from);
        }
        int at = from;
        if (first != '{' && first != '[') {
            while (at < text.length && !blank(text[at]) && text[at] != ',' && text[at] != '}' && text[at] != ']') {
                at++;
            }
            return at;
        }
        int open = 0;
        do {
            byte b = text[at];
            if (b == '"') {
                at = stringEnd(text, at);
                continue;
            }
            if (b == '{' || b == '[') {
                open++;
            } else if (b == '}' || b == ']') {
                open--;
            }
            at++;
        } while (open > 0);
        return at;
    }

    /** The place behind the string whose opening quote is at {@code quote}. */
    static int stringEnd(byte[] text, int quote) {
        int at = PlainText.end(text, quote + 1, text.length);
        while (text[at] != '"') {
            at = PlainText.end(text, at + 2, text.length); // behind an escape
        }
        return at + 1;
    }
}
