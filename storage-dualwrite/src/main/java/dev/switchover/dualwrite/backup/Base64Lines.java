package dev.switchover.dualwrite.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;

/** The bytes behind Base64 in lines; in place of a line that is none there is a line break, so that no record holds it. Used by one thread. */
final class Base64Lines extends InputStream {

    /** A longer line is not from here; it is taken in pieces that can be decoded by themselves. */
    private static final int LONGEST = 1 << 16;

    private final InputStream in;
    private final byte[] raw = new byte[1 << 16];
    private int rawNext;
    private int rawEnd;
    private byte[] line = new byte[128];
    private byte[] decoded = {};
    private int next;

    Base64Lines(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** As many lines as there is room for: whoever reads a few bytes at a time makes a buffer for each record. */
    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = 0;
        while (count < length) {
            if (next == decoded.length && !decodeNext(count)) {
                break;
            }
            int some = Math.min(length - count, decoded.length - next);
            System.arraycopy(decoded, next, into, from + count, some);
            next += some;
            count += some;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    /** @param before what was read before stays read if the source fails; it will fail again */
    private boolean decodeNext(int before) throws IOException {
        try {
            return decodeLine();
        } catch (IOException e) {
            if (before == 0) {
                throw e;
            }
            return false;
        }
    }

    private boolean decodeLine() throws IOException {
        int length = 0;
        int one = one();
        if (one < 0) {
            return false;
        }
        while (one >= 0 && one != '\n' && length < LONGEST) {
            if (one != '\r') {
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = (byte) one;
            }
            one = length < LONGEST ? one() : one;
        }
        next = 0;
        try {
            decoded = Base64.getDecoder().decode(Arrays.copyOf(line, length));
        } catch (IllegalArgumentException broken) {
            decoded = new byte[] {'\n'};
        }
        return true;
    }

    private int one() throws IOException {
        if (rawNext == rawEnd) {
            rawNext = 0;
            rawEnd = 0; // also if this fails
            rawEnd = Math.max(0, in.read(raw));
        }
        return rawNext < rawEnd ? raw[rawNext++] & 0xff : -1;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
