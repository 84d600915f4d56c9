package dev.switchover.examples.benchmarks.limits;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a JSON file without the white space between its tokens, to be compared with the same text set otherwise. */
final class CompactText implements Closeable {

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private boolean inString;
    private boolean escaped;

    CompactText(Path file) throws IOException {
        this.in = Files.newInputStream(file);
    }

    /** @throws IllegalStateException if anything else comes next */
    void require(byte[] expected, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            require(expected[i]);
        }
    }

    void require(int expected) throws IOException {
        if (next() != expected) {
            throw new IllegalStateException("The two sides differ");
        }
    }

    /** @return a byte, or what is none at the end */
    private int next() throws IOException {
        while (true) {
            if (at == end) {
                end = in.read(buffer);
                at = 0;
                if (end < 0) {
                    end = 0;
                    return Integer.MIN_VALUE;
                }
            }
            byte one = buffer[at++];
            if (inString) {
                if (escaped) {
                    escaped = false;
                } else if (one == '\\') {
                    escaped = true;
                } else if (one == '"') {
                    inString = false;
                }
                return one;
            }
            if (one != ' ' && one != '\n' && one != '\r' && one != '\t') {
                inString = one == '"';
                return one;
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
