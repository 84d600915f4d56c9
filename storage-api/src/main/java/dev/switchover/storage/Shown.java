package dev.switchover.storage;

import java.util.PrimitiveIterator;

/**
 * Texts that anybody may have chosen, as ids and names of properties, as people are shown them in messages, log lines and terminals:
 * one line, and nothing that moves a cursor, colours, hides or turns round what stands beside it. The texts themselves are in fields and
 * in JSON, exactly.
 */
public final class Shown {

    private static final String ENVELOPE = "(envelope)";

    private Shown() {}

    /**
     * An id: {@link #text}, but the empty one, which is never a record's, is {@code (envelope)}. A record may have that very word for an
     * id, so that one is written in another way.
     */
    public static String id(String id) {
        if (id.isEmpty()) {
            return ENVELOPE;
        }
        return id.equals(ENVELOPE) ? "\\u0028envelope)" : text(id);
    }

    /**
     * A text with every control and formatting character, separator of lines and half of a surrogate pair written out as <code>&#92;u</code>
     * and four digits.
     */
    public static String text(String text) {
        if (text.codePoints().noneMatch(Shown::isWrittenOut)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        for (PrimitiveIterator.OfInt each = text.codePoints().iterator(); each.hasNext(); ) {
            int codePoint = each.nextInt();
            if (isWrittenOut(codePoint)) {
                for (char unit : Character.toChars(codePoint)) {
                    String digits = Integer.toHexString(unit);
                    shown.append("\\u").append("0".repeat(4 - digits.length())).append(digits);
                }
            } else {
                shown.appendCodePoint(codePoint);
            }
        }
        return shown.toString();
    }

    private static boolean isWrittenOut(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
