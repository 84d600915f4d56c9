package dev.switchover.json.file;

import dev.switchover.storage.document.PlainText;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds where values begin and end in JSON text. It is strict about what it walks over itself, brackets and strings; what is
 * inside a value is for others to check. A lenient one lets control characters in strings pass, so that the end of a record that
 * has some is found.
 */
final class JsonScanner {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final long OPENING = '{' * ONES;
    private static final long CLOSING = '}' * ONES;

    private final byte[] text;
    private final int end;
    private final boolean lenient;

    JsonScanner(byte[] text) {
        this(text, false);
    }

    JsonScanner(byte[] text, boolean lenient) {
        this.lenient = lenient;
        this.text = text;
        this.end = text.length;
    }

    /** The first place from {@code at} on that is no white space, or the end. */
    int space(int at) {
        int i = at;
        while (i < end && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t')) {
            i++;
        }
        return i;
    }

    boolean is(int at, char character) {
        return at < end && text[at] == character;
    }

    int expect(int at, char character, String where) throws MalformedFileException {
        if (!is(at, character)) {
            throw wrong(at, "expected " + character + " " + where);
        }
        return at + 1;
    }

    /** The place behind the value that begins at {@code at}. */
    int value(int at) throws MalformedFileException {
        if (at >= end) {
            throw wrong(at, "the text ends where a value should be");
        }
        return switch (text[at]) {
            case '"' -> string(at);
            case '{', '[' -> nested(at);
            default -> scalar(at);
        };
    }

    /** The place behind the string that begins at {@code at}. */
    int string(int at) throws MalformedFileException {
        if (!is(at, '"')) {
            throw wrong(at, "expected a string");
        }
        int i = PlainText.end(text, at + 1, end);
        while (i < end) {
            byte next = text[i];
            if (next == '"') {
                return i + 1;
            }
            if (next == '\\') {
                i = PlainText.end(text, i + 2, end);
            } else if (lenient) {
                i = PlainText.end(text, i + 1, end);
            } else {
                throw wrong(i, "a control character in a string");
            }
        }
        throw wrong(at, "a string without end");
    }

    /** The first place from {@code from} on with a quote or a bracket, or the end. */
    private int mark(int from) {
        int i = from;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long eight = (long) EIGHT.get(text, i);
            long curly = eight | SPACES; // which makes square brackets curly ones, and nothing else
            long marks = (below(eight ^ QUOTES, ONES) | below(curly ^ OPENING, ONES) | below(curly ^ CLOSING, ONES))
                    & HIGHEST;
            if (marks != 0) {
                return i + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
        }
        while (i < end && text[i] != '"' && (text[i] | ' ') != '{' && (text[i] | ' ') != '}') {
            i++;
        }
        return i;
    }

    /** The highest bit of the first byte that is below its bound, a number up to 128, is set, and of none before it. */
    private static long below(long bytes, long bounds) {
        return bytes - bounds & ~bytes;
    }

    private int scalar(int at) throws MalformedFileException {
        int i = at;
        while (i < end && isScalar(text[i])) {
            i++;
        }
        if (i == at) {
            throw wrong(at, "expected a value");
        }
        return i;
    }

    private static boolean isScalar(byte next) {
        return next >= 'a' && next <= 'z'
                || next >= '0' && next <= '9'
                || next == '-'
                || next == '+'
                || next == '.'
                || next == 'E';
    }

    private int nested(int at) throws MalformedFileException {
        byte[] closers = new byte[32];
        int depth = 0;
        int i = at;
        while (i < end) {
            byte next = text[i];
            if (next == '"') {
                i = mark(string(i));
                continue;
            }
            if (next == '{' || next == '[') {
                if (depth == closers.length) {
                    closers = Arrays.copyOf(closers, depth * 2);
                }
                closers[depth++] = (byte) (next == '{' ? '}' : ']');
            } else {
                if (closers[--depth] != next) {
                    throw wrong(i, "expected " + (char) closers[depth]);
                }
                if (depth == 0) {
                    return i + 1;
                }
            }
            i = mark(i + 1);
        }
        throw wrong(at, "a " + (char) text[at] + " that is never closed");
    }

    /** The string between the quotes at {@code from} and before {@code to}. */
    String unquote(int from, int to) throws MalformedFileException {
        String raw = new String(text, from + 1, to - from - 2, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder plain = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char next = raw.charAt(i);
            if (next != '\\') {
                plain.append(next);
                continue;
            }
            i++;
            char escaped = raw.charAt(i);
            switch (escaped) {
                case '"', '\\', '/' -> plain.append(escaped);
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) hex(raw, i + 1, from));
                    i += 4;
                }
                default -> throw wrong(from, "an unknown escape in a key");
            }
        }
        return plain.toString();
    }

    private int hex(String raw, int at, int from) throws MalformedFileException {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = i < raw.length() && raw.charAt(i) < 128 ? Character.digit(raw.charAt(i), 16) : -1;
            if (digit < 0) {
                throw wrong(from, "an unknown escape in a key");
            }
            value = value * 16 + digit;
        }
        return value;
    }

    MalformedFileException wrong(int at, String what) {
        return new MalformedFileException(what + ", " + place(text, at));
    }

    /** Where an offset is, for people. */
    static String place(byte[] text, int at) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, text.length); i++) {
            if (text[i] == '\n') {
                line++;
                column = 1;
            } else if ((text[i] & 0xC0) != 0x80) {
                column++;
            }
        }
        return "line " + line + ", column " + column + " (offset " + at + ")";
    }
}
