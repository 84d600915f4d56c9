package dev.switchover.dualwrite.export;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A JSON text without the white space around its values, however it comes in pieces. White space inside of a value
 * around which at least so many brackets are open counts, and so does that in strings. Of sound texts no two that say different things are the same so, for there is
 * always a bracket, a comma or a colon between two values. Used by one thread.
 *
 * <p>Its length and two checksums find every mistake of ours, but for one in 2<sup>64</sup>. They are no defence against somebody who
 * wants two texts to look alike; the bytes of a file have a SHA-256 beside.
 */
final class CompactDigest {

    private static final int BUFFER = 1 << 15;

    private final CRC32 one = new CRC32();
    private final CRC32C other = new CRC32C();
    private final byte[] buffer = new byte[BUFFER];
    private final int depth;
    private int size;
    private long length;
    private int open;
    private boolean inString;
    private boolean escaped;

    /** @param depth how many brackets are open around the values that count byte for byte */
    CompactDigest(int depth) {
        this.depth = depth;
    }

    /** A whole value at this depth, or the name of one: nothing in it is looked at. */
    void addWhole(byte[] value) {
        if (open != depth || inString) {
            throw new IllegalStateException("A whole value at depth " + open + ", not " + depth);
        }
        int from = 0;
        int to = value.length;
        while (from < to && isSpace(value[from])) {
            from++;
        }
        while (from < to && isSpace(value[to - 1])) {
            to--;
        }
        for (int begin = from; begin < to; begin += BUFFER) {
            int count = Math.min(BUFFER, to - begin);
            room(count);
            System.arraycopy(value, begin, buffer, size, count);
            size += count;
        }
    }

    /** What comes between two whole values. */
    void addBetween(char character) {
        room(1);
        buffer[size++] = (byte) character;
    }

    void add(byte[] text, int from, int to) {
        for (int begin = from; begin < to; begin += BUFFER) {
            int end = Math.min(to, begin + BUFFER);
            room(end - begin);
            piece(text, begin, end);
        }
    }

    private void piece(byte[] text, int from, int to) {
        int at = from;
        while (at < to) {
            if (inString) {
                int end = endOfRun(text, at, to);
                System.arraycopy(text, at, buffer, size, end - at);
                size += end - at;
                at = end;
            } else {
                byte next = text[at++];
                switch (next) {
                    case '"' -> inString = true;
                    case '{', '[' -> open++;
                    case '}', ']' -> open--;
                    default -> {}
                }
                if (open > depth || !isSpace(next)) {
                    buffer[size++] = next;
                }
            }
        }
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }

    /** Within a string: behind its end, or behind the next backslash, or the end of the piece. */
    private int endOfRun(byte[] text, int from, int to) {
        int at = from;
        if (escaped) {
            escaped = false;
            at++;
        }
        while (at < to && text[at] != '"' && text[at] != '\\') {
            at++;
        }
        if (at == to) {
            return to;
        }
        escaped = text[at] == '\\';
        inString = escaped;
        return at + 1;
    }

    private void room(int bytes) {
        if (size + bytes > BUFFER) {
            tell();
        }
    }

    private void tell() {
        one.update(buffer, 0, size);
        other.update(buffer, 0, size);
        length += size;
        size = 0;
    }

    /** Of everything added. Called once. */
    String hex() {
        tell();
        return Long.toHexString(length) + "-" + Long.toHexString(one.getValue()) + "-"
                + Long.toHexString(other.getValue());
    }
}
