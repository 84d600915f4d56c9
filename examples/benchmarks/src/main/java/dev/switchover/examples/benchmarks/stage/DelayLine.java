package dev.switchover.examples.benchmarks.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way in one direction. Reading goes on while earlier bytes wait: a pause for each chunk before the next one is
 * read would make it a slow line, not a long one. One thread fills, one drains.
 */
final class DelayLine {

    private static final int CHUNK = 1 << 16;
    /** Enough for 64 MB under way; a sender that is faster waits. */
    private static final int MOST_CHUNKS = 1_024;

    private final long delayNanos;
    private final Deque<Chunk> underWay = new ArrayDeque<>();
    private boolean ended;
    private boolean abandoned;

    /** @param due by {@link System#nanoTime} */
    private record Chunk(long due, byte[] bytes) {}

    DelayLine(long delayNanos) {
        this.delayNanos = delayNanos;
    }

    /** Takes bytes until there are no more, or nobody wants them. */
    void fill(InputStream in) throws IOException {
        byte[] buffer = new byte[CHUNK];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!put(new Chunk(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, length)))) {
                    return;
                }
            }
        } finally {
            end();
        }
    }

    /** Hands them on, each chunk when it is due, until the end has come through. */
    void drain(OutputStream out) throws IOException {
        for (Chunk chunk = take(); chunk != null; chunk = take()) {
            for (long left = chunk.due - System.nanoTime(); left > 0; left = chunk.due - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
            out.write(chunk.bytes);
        }
    }

    /** Nobody drains any more. */
    synchronized void abandon() {
        abandoned = true;
        underWay.clear();
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized boolean put(Chunk chunk) {
        while (underWay.size() >= MOST_CHUNKS && !abandoned) {
            await();
        }
        underWay.add(chunk);
        notifyAll();
        return !abandoned;
    }

    private synchronized @Nullable Chunk take() {
        while (underWay.isEmpty() && !ended) {
            await();
        }
        return underWay.poll();
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts the threads of a proxy", e);
        }
    }
}
