package dev.switchover.examples.benchmarks.stage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of space that is there already, written from the beginning again when it is full. Thread-safe. */
public final class Appends implements AutoCloseable {

    private static final long PREALLOCATED = 64L << 20;

    private final FileChannel channel;
    private long position;

    private Appends(FileChannel channel) {
        this.channel = channel;
    }

    public static Appends open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        for (long at = 0; at < PREALLOCATED; at += zeros.capacity()) {
            zeros.clear();
            channel.write(zeros, at);
        }
        channel.force(true);
        return new Appends(channel);
    }

    /** It is on the disk after the next force. */
    public synchronized void append(byte[] bytes) throws IOException {
        if (position + bytes.length > PREALLOCATED) {
            position = 0;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
