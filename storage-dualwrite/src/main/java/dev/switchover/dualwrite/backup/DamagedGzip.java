package dev.switchover.dualwrite.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A gzip file of several members, of which some may be damaged: each is decoded as far as it goes, then the next one is looked for.
 * Used by one thread.
 */
final class DamagedGzip extends InputStream {

    private static final int BUFFER = 1 << 16;
    /** How each member of ours begins: no name, no time. */
    private static final byte[] BEGIN = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0};

    private final Path file;
    /** Where to look for the next member. */
    private long from;

    private @Nullable InputStream member;

    DamagedGzip(Path file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        while (true) {
            InputStream open = member;
            if (open == null) {
                open = openNext();
                if (open == null) {
                    return -1;
                }
                member = open;
            }
            try {
                int count = open.read(into, at, length);
                if (count > 0) {
                    return count;
                }
                open.close();
                member = null;
            } catch (IOException damaged) {
                open.close();
                member = null;
                into[at] = '\n';
                return 1;
            }
        }
    }

    /** A member by itself, so that the damage of one does not hide the others; null if there is none. */
    private @Nullable InputStream openNext() throws IOException {
        while (true) {
            long begin = from == 0 ? 0 : find(from);
            if (begin < 0) {
                return null;
            }
            long end = find(begin + 1);
            from = end < 0 ? Long.MAX_VALUE : end;
            try {
                return new GZIPInputStream(new Slice(begin, from), BUFFER);
            } catch (IOException noMember) {
                // Its head is damaged; the next one may be whole.
                if (from == Long.MAX_VALUE) {
                    return null;
                }
            }
        }
    }

    /** Where the next member begins, at this place or behind it; -1 if there is none. */
    private long find(long start) throws IOException {
        if (start == Long.MAX_VALUE) {
            return -1;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            in.skipNBytes(Math.min(start, Files.size(file)));
            int matched = 0;
            long at = start;
            for (int one = in.read(); one >= 0; one = in.read(), at++) {
                if ((byte) one == BEGIN[matched]) {
                    matched++;
                    if (matched == BEGIN.length) {
                        return at - BEGIN.length + 1;
                    }
                } else {
                    // The first byte occurs nowhere else in it.
                    matched = (byte) one == BEGIN[0] ? 1 : 0;
                }
            }
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        InputStream open = member;
        member = null;
        from = Long.MAX_VALUE;
        if (open != null) {
            open.close();
        }
    }

    /** The bytes of the file from one place to another. */
    private final class Slice extends InputStream {

        private final InputStream in;
        private long left;

        Slice(long begin, long end) throws IOException {
            this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            this.left = end - begin;
            in.skipNBytes(begin);
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(into, at, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
