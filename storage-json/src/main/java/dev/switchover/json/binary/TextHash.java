package dev.switchover.json.binary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 64-bit hash of a record's text: what a checkpoint remembers of each record, so that a later start can tell which records
 * of an edited file are still the same. It is kept on disk: it may never change without a new format version. It is no
 * defence against somebody who wants a collision; whoever may edit the file needs none.
 */
public final class TextHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FIRST = 0x9E3779B97F4A7C15L;
    private static final long SECOND = 0xC2B2AE3D27D4EB4FL;

    private TextHash() {}

    public static long of(byte[] text) {
        long hash = FIRST ^ text.length * SECOND;
        int at = 0;
        for (; at + 8 <= text.length; at += 8) {
            hash = mix(hash ^ (long) LONGS.get(text, at));
        }
        long rest = 0;
        for (; at < text.length; at++) {
            rest = rest << 8 | text[at] & 0xFF;
        }
        return mix(mix(hash ^ rest));
    }

    private static long mix(long value) {
        long product = value * SECOND;
        return (product ^ product >>> 29 ^ Math.multiplyHigh(value, FIRST)) + FIRST;
    }
}
