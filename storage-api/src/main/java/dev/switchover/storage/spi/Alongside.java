package dev.switchover.storage.spi;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Work on a second thread, which whoever began it waits for. Used by the thread that began it. */
public final class Alongside<R> {

    private static final Duration FOR_GOOD = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final FutureTask<R> work;
    private final Thread thread;

    private Alongside(FutureTask<R> work, Thread thread) {
        this.work = work;
        this.thread = thread;
    }

    /** @param threadName of the daemon thread it gets */
    public static <R> Alongside<R> begin(String threadName, Supplier<R> work) {
        FutureTask<R> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, threadName);
        thread.setDaemon(true);
        thread.start();
        return new Alongside<>(task, thread);
    }

    /** Waits for its end, bounded; an interrupt is kept for later. @return whether it has ended */
    public boolean join(Duration atMost) {
        return Threads.join(thread, atMost);
    }

    /** Waits for its end. Throws what the work threw. */
    public R result() {
        join(FOR_GOOD);
        boolean interrupted = Thread.interrupted();
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("It has ended, so that nothing was waited for", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
