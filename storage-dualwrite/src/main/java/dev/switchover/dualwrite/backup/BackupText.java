package dev.switchover.dualwrite.backup;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A backup's text in pieces: the first line, then each record with what separates it from the next, then the last line. What cannot be
 * put in order is handed over as it is, for {@link BackupLine} to judge. Memory is bounded, whatever the file holds; of a file that has to
 * be whole nothing is read on that no backup has. Used by one thread.
 */
final class BackupText implements Closeable {

    /** A body has 64 MiB at most, and may be twice as long as a string. */
    private static final int LONGEST = 136 << 20;
    /** The first line, for thousands of collections; and what is kept of a line that is nothing we know. */
    private static final int LONGEST_HEAD = 1 << 20;

    private final InputStream in;
    private final boolean strict;
    private boolean begun;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    /** The line that begins the next piece, read already. */
    private byte @Nullable [] ahead;

    /** @param strict whether a line longer than any of ours ends it, as in a file that unpacks to more than anybody can read */
    BackupText(InputStream in, boolean strict) {
        this.in = in;
        this.strict = strict;
    }

    /** Null at the end. */
    byte @Nullable [] piece() throws IOException {
        byte[] first = ahead == null ? line(begun ? LONGEST : LONGEST_HEAD, begun) : ahead;
        begun = true;
        ahead = null;
        if (first == null || isLast(first)) {
            return first;
        }
        ByteArrayOutputStream piece = null;
        boolean record = isRecord(first);
        while (true) {
            byte[] line = line(LONGEST, false);
            if (line == null || isRecord(line) || isLast(line) || !record) {
                ahead = line;
                return piece == null ? first : piece.toByteArray();
            }
            if (piece == null) {
                piece = new ByteArrayOutputStream(first.length + line.length);
                piece.writeBytes(first);
            }
            if (piece.size() + line.length > LONGEST) {
                record = false;
            } else {
                piece.writeBytes(line);
            }
        }
    }

    static boolean isRecord(byte[] piece) {
        return beginsWith(piece, BackupLine.BEGIN);
    }

    static boolean isLast(byte[] piece) {
        return beginsWith(piece, BackupLine.LAST);
    }

    private static boolean beginsWith(byte[] piece, byte[] begin) {
        return piece.length >= begin.length && Arrays.equals(piece, 0, begin.length, begin, 0, begin.length);
    }

    /**
     * The next line with its end; null at the end.
     *
     * @param longest it is cut off after so many bytes
     * @param first whether it begins a piece, so that only a record may be that long
     */
    private byte @Nullable [] line(int longest, boolean first) throws IOException {
        ByteArrayOutputStream line = null;
        int most = longest;
        boolean judged = false;
        while (true) {
            if (next == end && !fill()) {
                return line == null ? null : line.toByteArray();
            }
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            boolean whole = next < end;
            if (whole) {
                next++;
            }
            if (line == null && whole) {
                return Arrays.copyOfRange(buffer, from, next);
            }
            if (line == null) {
                line = new ByteArrayOutputStream(2 * buffer.length);
            }
            if (first && !judged && line.size() >= LONGEST_HEAD) {
                byte[] begin = line.toByteArray();
                most = isRecord(begin) || isLast(begin) ? longest : LONGEST_HEAD;
                judged = true;
            }
            line.write(buffer, from, Math.min(next - from, most - Math.min(most, line.size())));
            if (strict && line.size() >= most) {
                throw new DamagedBackupException("a line is longer than any of a backup");
            }
            if (whole) {
                return line.toByteArray();
            }
        }
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
