package dev.switchover.storage.schema;

import dev.switchover.storage.Shown;
import java.util.Comparator;

/**
 * An id as its canonical text, see {@link IdType}. Within a collection all ids have one type, so {@code 7} and {@code "7"}
 * cannot meet.
 */
public record RecordId(String text) {

    /** The envelope of a collection moves like a record; the empty text is never a record's id. */
    public static final RecordId ENVELOPE = new RecordId("");

    /** By Unicode code point, as UTF-8 bytes compare; {@code String.compareTo} differs beyond the BMP. */
    public static final Comparator<RecordId> BY_CODE_POINT =
            (left, right) -> compareCodePoints(left.text(), right.text());

    public boolean isEnvelope() {
        return text.isEmpty();
    }

    /** For people, see {@link Shown}; the id itself is {@link #text()}. */
    @Override
    public String toString() {
        return Shown.id(text);
    }

    /** Compares integers by value, as they are written without leading zeros and plus: a scan compares each id several times. */
    static int compareIntegers(String left, String right) {
        boolean negative = left.charAt(0) == '-';
        if (negative != (right.charAt(0) == '-')) {
            return negative ? -1 : 1;
        }
        int size = Integer.compare(left.length(), right.length());
        int order = size != 0 ? size : left.compareTo(right);
        return negative ? -order : order;
    }

    /** Compares strings by Unicode code point. */
    public static int compareCodePoints(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogateA = Character.isSurrogate(a);
                boolean surrogateB = Character.isSurrogate(b);
                if (surrogateA != surrogateB) {
                    return surrogateA ? 1 : -1;
                }
                return Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
