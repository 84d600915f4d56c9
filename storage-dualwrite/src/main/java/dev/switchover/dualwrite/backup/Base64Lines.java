package dev.switchover.dualwrite.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/** The bytes behind Base64 in lines; in place of a line that is none there is a line break, so that no record holds it. Used by one thread. */
final class Base64Lines extends InputStream {

    /** A longer line is not from here; it is taken in pieces that can be decoded by themselves. */
    private static final int LONGEST = 1 << 16;

    private final InputStream in;
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

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        while (next == decoded.length) {
            if (!decodeLine()) {
                return -1;
            }
        }
        int count = Math.min(length, decoded.length - next);
        System.arraycopy(decoded, next, into, from, count);
        next += count;
        return count;
    }

    private boolean decodeLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int one = in.read();
        if (one < 0) {
            return false;
        }
        while (one >= 0 && one != '\n' && line.size() < LONGEST) {
            if (one != '\r') {
                line.write(one);
            }
            one = line.size() < LONGEST ? in.read() : one;
        }
        next = 0;
        try {
            decoded = Base64.getDecoder().decode(line.toByteArray());
        } catch (IllegalArgumentException broken) {
            decoded = new byte[] {'\n'};
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
