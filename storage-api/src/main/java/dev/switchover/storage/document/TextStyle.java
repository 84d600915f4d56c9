package dev.switchover.storage.document;

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
        TextBuffer out = new TextBuffer(text.length + (multiline() ? text.length / 2 : 0) + 64);
        lay(JsonValue.of(text), out);
        return out.toBytes();
    }

    void lay(JsonValue value, TextBuffer out) {
        byte[] text = value.source();
        int at = value.from();
        if (text[at] != '{' && text[at] != '[') {
            out.write(text, at, value.to() - at);
            return;
        }
        int depth = 0;
        do {
            byte b = text[at++];
            switch (b) {
                case ' ', '\n', '\r', '\t' -> {}
                case '"' -> {
                    int end = JsonValue.stringEnd(text, at - 1);
                    out.write(text, at - 1, end - at + 1);
                    at = end;
                }
                case '{', '[' -> {
                    out.write(b);
                    at = JsonValue.skipBlanks(text, at);
                    if (text[at] == '}' || text[at] == ']') {
                        out.write(text[at++]);
                    } else {
                        line(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    line(out, --depth);
                    out.write(b);
                }
                case ',' -> {
                    out.write(multiline() ? "," : comma);
                    line(out, depth);
                }
                case ':' -> out.write(colon);
                default -> out.write(b);
            }
        } while (depth > 0);
    }

    private void line(TextBuffer out, int depth) {
        if (multiline()) {
            out.write(newline);
            out.write(base);
            for (int i = 0; i < depth; i++) {
                out.write(unit);
            }
        }
    }
}
