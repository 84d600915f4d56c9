package dev.switchover.json.binary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Whoever reads has checked the checksum first, so {@link IllegalStateException} here
 * means that another version, or a mistake of ours, wrote it; hostile lengths cost no memory. Used by one thread.
 */
public final class ByteReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public boolean atEnd() {
        return at == end;
    }

    public int octet() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    public boolean flag() {
        return octet() != 0;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number of more than 64 bits at " + at);
    }

    /** A number of things that take at least one byte each. */
    public int count() {
        long value = number();
        if (value < 0 || value > end - at) {
            throw new IllegalStateException("a count of " + value + " at " + at + " of " + end);
        }
        return (int) value;
    }

    public long fixed() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[at++] & 0xFF;
        }
        return value;
    }

    public byte[] bytes() {
        int length = count();
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    public String text() {
        int length = count();
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    /** Reads a text if it is the empty one. */
    public boolean isEmptyText() {
        need(1);
        boolean empty = bytes[at] == 0;
        at += empty ? 1 : 0;
        return empty;
    }

    /** A constant written by its name. */
    public <E extends Enum<E>> E constant(Class<E> type) {
        int place = at;
        String name = text();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalStateException("a " + type.getSimpleName() + " unknown to this version at " + place);
    }

    private void need(int length) {
        if (end - at < length) {
            throw new IllegalStateException("ends early at " + at);
        }
    }
}
