package dev.switchover.examples.benchmarks.limits;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads that take what waits and do it in one step, for all callers at once. Thread-safe. */
final class Flusher<T> implements AutoCloseable {

    /** Does all of them, durably. */
    @FunctionalInterface
    interface Step<T> {
        void run(List<T> all) throws Exception;
    }

    private static final class Waiting<T> {
        private final T what;
        private final Thread caller = Thread.currentThread();
        private volatile boolean done;
        private @Nullable Exception failure;

        private Waiting(T what) {
            this.what = what;
        }
    }

    private final BlockingQueue<Waiting<T>> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Step<T> step;
    private final int most;

    /** @param most at once */
    Flusher(String name, int threads, int most, Step<T> step) {
        this.step = step;
        this.most = most;
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::run, name);
            thread.setDaemon(true);
            this.threads.add(thread);
            thread.start();
        }
    }

    void submit(T what) throws Exception {
        Waiting<T> waiting = new Waiting<>(what);
        queue.add(waiting);
        while (!waiting.done) {
            LockSupport.park(this);
        }
        if (waiting.failure != null) {
            throw new IOException(waiting.failure);
        }
    }

    private void run() {
        List<Waiting<T>> taken = new ArrayList<>();
        while (true) {
            taken.clear();
            try {
                taken.add(queue.take());
            } catch (InterruptedException e) {
                return;
            }
            queue.drainTo(taken, most - 1);
            List<T> all = taken.stream().map(one -> one.what).toList();
            Exception failure = null;
            try {
                step.run(all);
            } catch (Exception e) {
                failure = e;
            }
            for (Waiting<T> one : taken) {
                one.failure = failure;
                one.done = true;
                LockSupport.unpark(one.caller);
            }
        }
    }

    /** When nobody calls any more. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
