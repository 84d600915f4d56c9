package dev.switchover.json.binary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes. Numbers are LEB128: small ones are short. Used by one thread. */
public final class ByteWriter {

    private byte[] bytes;
    private int size;

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** The bytes themselves, valid up to {@link #size} until the next call that writes. */
    public byte[] array() {
        return bytes;
    }

    /** Forgets everything behind {@code length}. */
    public void cut(int length) {
        size = length;
    }

    /** Leaves room, to be filled through {@link #array}. */
    public ByteWriter skip(int length) {
        room(length);
        size += length;
        return this;
    }

    public ByteWriter octet(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ByteWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    public ByteWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public ByteWriter fixed(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    public ByteWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public ByteWriter bytes(byte[] value) {
        return number(value.length).append(value, value.length);
    }

    /** Without its length. */
    public ByteWriter append(byte[] value, int length) {
        room(length);
        System.arraycopy(value, 0, bytes, size, length);
        size += length;
        return this;
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, Math.max(needed, bytes.length * 2L)));
        }
    }
}
