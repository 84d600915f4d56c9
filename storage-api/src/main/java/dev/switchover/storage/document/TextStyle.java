package dev.switchover.storage.document;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How JSON text is laid out: white space and nothing else. Immutable.
 *
 * @param newline begins a line, or {@code ""} for everything on one line
 * @param base the indentation of the line the value begins in, which its closing bracket gets too
 * @param unit the indentation of one level more
 * @param comma between two members on one line, with what follows it
 * @param colon between key and value, with what is around it
 */
public record TextStyle(String newline, String base, String unit, String comma, String colon) {

    /** No white space at all. */
    public static final TextStyle COMPACT = new TextStyle("", "", "", ",", ":");

    /** Two blanks a level, one member a line. The first line is not indented, so that the text fits behind a key. */
    public static TextStyle pretty(int depth) {
        return new TextStyle("\n", "  ".repeat(depth), "  ", ",", ": ");
    }

    /** The same for what is one level deeper. */
    TextStyle deeper() {
        return new TextStyle(newline, base + unit, unit, comma, colon);
    }

    boolean multiline() {
        return !newline.isEmpty();
    }

    /** Lays out a whole text anew; keys, strings and numbers keep their text. */
    public byte[] lay(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 64);
        lay(JsonValue.of(text), out);
        return out.toByteArray();
    }

    void lay(JsonValue value, ByteArrayOutputStream out) {
        byte[] text = value.source();
        int depth = 0;
        int at = value.from();
        while (at < value.to()) {
            byte b = text[at];
            switch (b) {
                case ' ', '\n', '\r', '\t' -> at++;
                case '"' -> {
                    int end = JsonValue.at(text, at).to();
                    out.write(text, at, end - at);
                    at = end;
                }
                case '{', '[' -> {
                    out.write(b);
                    at = JsonValue.skipBlanks(text, at + 1);
                    if (text[at] == '}' || text[at] == ']') {
                        out.write(text[at++]);
                    } else {
                        line(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    line(out, --depth);
                    out.write(b);
                    at++;
                }
                case ',' -> {
                    put(out, multiline() ? "," : comma);
                    line(out, depth);
                    at++;
                }
                case ':' -> {
                    put(out, colon);
                    at++;
                }
                default -> {
                    out.write(b);
                    at++;
                }
            }
        }
    }

    private void line(ByteArrayOutputStream out, int depth) {
        if (multiline()) {
            put(out, newline);
            put(out, base);
            for (int i = 0; i < depth; i++) {
                put(out, unit);
            }
        }
    }

    static void put(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
