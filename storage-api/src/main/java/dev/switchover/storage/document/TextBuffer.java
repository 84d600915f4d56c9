package dev.switchover.storage.document;

import java.util.Arrays;

/** Text that is being made. For one thread, so that no byte of it takes a lock. */
final class TextBuffer {

    private byte[] bytes;
    private int size;

    TextBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    void write(int octet) {
        if (size == bytes.length) {
            grow(1);
        }
        bytes[size++] = (byte) octet;
    }

    void write(byte[] from, int offset, int length) {
        if (length > bytes.length - size) {
            grow(length);
        }
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    /** @param text of ASCII, as white space, commas and colons are */
    void write(String text) {
        for (int i = 0; i < text.length(); i++) {
            write(text.charAt(i));
        }
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length + (bytes.length >> 1)));
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
