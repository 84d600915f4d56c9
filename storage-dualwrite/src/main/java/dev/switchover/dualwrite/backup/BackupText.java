package dev.switchover.dualwrite.backup;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A backup's text in pieces: the first line, then each record with what separates it from the next, then the last line. What cannot be
 * put in order is handed over as it is, for {@link BackupLine} to judge. Memory is bounded, whatever the file holds. Used by one
 * thread.
 */
final class BackupText implements Closeable {

    /** A body has 64 MiB at most, and may be twice as long as a string. */
    private static final int LONGEST = 136 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    /** The line that begins the next piece, read already. */
    private byte @Nullable [] ahead;

    BackupText(InputStream in) {
        this.in = in;
    }

    /** Null at the end. */
    byte @Nullable [] piece() throws IOException {
        byte[] first = ahead == null ? line(LONGEST) : ahead;
        ahead = null;
        if (first == null || isLast(first)) {
            return first;
        }
        ByteArrayOutputStream piece = null;
        boolean record = isRecord(first);
        while (true) {
            byte[] line = line(LONGEST);
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

    /** The next line with its end, cut off after so many bytes; null at the end. */
    private byte @Nullable [] line(int longest) throws IOException {
        ByteArrayOutputStream line = null;
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
            line.write(buffer, from, Math.min(next - from, longest - Math.min(longest, line.size())));
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
