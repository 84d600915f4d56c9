package dev.switchover.storage.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all objects that are open at one moment, to find duplicates without a string per key: records have few keys, so
 * comparing hashes in a row beats a hash table. Beyond {@link #FEW} keys of one object a set takes over, so that hostile
 * input costs no more than its length.
 */
final class KeySet {

    private static final int FEW = 48;

    private byte[][] sources = new byte[32][];
    private int[] from = new int[32];
    private int[] to = new int[32];
    private int[] hashes = new int[32];
    private int size;

    /** Where the keys of a new object begin. */
    int open() {
        return size;
    }

    /** Forgets the keys of the innermost object. */
    void close(int base) {
        size = base;
    }

    /**
     * Adds a key, its escapes resolved, of the innermost object.
     *
     * @param many the set of this object, once it has many keys
     * @return false if the object has it already
     */
    boolean add(int base, byte[] source, int start, int end, @Nullable Set<String> many) {
        if (many != null) {
            return many.add(text(source, start, end));
        }
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + source[i];
        }
        for (int i = base; i < size; i++) {
            if (hashes[i] == hash && Arrays.equals(sources[i], from[i], to[i], source, start, end)) {
                return false;
            }
        }
        if (size == hashes.length) {
            int larger = size * 2;
            sources = Arrays.copyOf(sources, larger);
            from = Arrays.copyOf(from, larger);
            to = Arrays.copyOf(to, larger);
            hashes = Arrays.copyOf(hashes, larger);
        }
        sources[size] = source;
        from[size] = start;
        to[size] = end;
        hashes[size++] = hash;
        return true;
    }

    /** A set to go on with, or null while the object has few keys. */
    @Nullable
    Set<String> manyOrNull(int base) {
        if (size - base < FEW) {
            return null;
        }
        Set<String> many = new HashSet<>();
        for (int i = base; i < size; i++) {
            many.add(text(sources[i], from[i], to[i]));
        }
        return many;
    }

    private static String text(byte[] source, int start, int end) {
        return new String(source, start, end - start, StandardCharsets.UTF_8);
    }
}
