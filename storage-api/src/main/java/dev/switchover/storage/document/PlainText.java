package dev.switchover.storage.document;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Of strings in JSON text, the bytes that mean themselves, looked at eight at a time. */
public final class PlainText {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long SPACES = ONES * ' ';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private PlainText() {}

    /** The first place from {@code from} on with a quote, a backslash or a control character, or {@code to}. */
    public static int end(byte[] text, int from, int to) {
        return end(text, from, to, 0);
    }

    /** The same, but not beyond ASCII either. */
    static int endOfAscii(byte[] text, int from, int to) {
        return end(text, from, to, HIGHEST);
    }

    private static int end(byte[] text, int from, int to, long beyond) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            // Of a long the lowest bit that is set is the first byte's that stops.
            long eight = (long) EIGHT.get(text, at);
            long stops = below(eight ^ QUOTES, ONES) | below(eight ^ BACKSLASHES, ONES) | below(eight, SPACES);
            stops = stops & HIGHEST | eight & beyond;
            if (stops != 0) {
                return at + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (at < to && text[at] != '"' && text[at] != '\\' && (text[at] < 0 ? beyond == 0 : text[at] >= ' ')) {
            at++;
        }
        return at;
    }

    /** The highest bit of the first byte that is below its bound, a number up to 128, is set, and of none before it. */
    private static long below(long bytes, long bounds) {
        return bytes - bounds & ~bytes;
    }
}
