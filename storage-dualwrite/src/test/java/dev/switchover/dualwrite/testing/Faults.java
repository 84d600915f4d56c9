package dev.switchover.dualwrite.testing;

import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.RecordId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where and how a {@link MemoryDisk} misbehaves. Whatever a hook throws comes out of the call. Thread-safe; each method that
 * returns an {@link AutoCloseable} ends its fault when that is closed.
 */
public final class Faults {

    /** A moment of a call. */
    public enum Moment {
        /** It has not reached the store. */
        BEFORE,
        /** It has taken its locks and looked at the ledger; its effect has not happened. A quiesce waits for it. */
        DURING,
        /** Its effect has happened; the answer is on its way. */
        AFTER
    }

    /** A fault that can be taken back. */
    public interface Fault extends AutoCloseable {
        @Override
        void close();
    }

    private record Hook(Moment moment, Predicate<Call> calls, Consumer<Call> action) {}

    private final Store store;
    private final CopyOnWriteArrayList<Hook> hooks = new CopyOnWriteArrayList<>();
    private final Map<Call.Operation, AtomicLong> counts = new ConcurrentHashMap<>();
    private final AtomicLong total = new AtomicLong();

    Faults(Store store) {
        this.store = store;
    }

    /** Runs {@code action} at this moment of every matching call, on the caller's thread, without any lock held. */
    public Fault on(Moment moment, Predicate<Call> calls, Consumer<Call> action) {
        Hook hook = new Hook(moment, calls, action);
        hooks.add(hook);
        return () -> hooks.remove(hook);
    }

    /** Runs {@code action} at this moment of the next matching call only. */
    public Fault once(Moment moment, Predicate<Call> calls, Consumer<Call> action) {
        AtomicBoolean done = new AtomicBoolean();
        return on(moment, calls, call -> {
            if (done.compareAndSet(false, true)) {
                action.accept(call);
            }
        });
    }

    /** No call reaches the store. */
    public Fault unreachable() {
        return on(Moment.BEFORE, call -> true, this::refuseConnection);
    }

    /** The matching calls do not reach the store. */
    public Fault unreachable(Predicate<Call> calls) {
        return on(Moment.BEFORE, calls, this::refuseConnection);
    }

    /** The effect of the matching calls happens, the answer gets lost. */
    public Fault losesAnswers(Predicate<Call> calls) {
        return on(Moment.AFTER, calls, call -> {
            throw unavailable("connection reset");
        });
    }

    /** Runs {@code action} at the n-th moment of the calls from now on (three to a call, the first is 1). */
    public Fault at(long n, Consumer<Call> action) {
        AtomicLong moments = new AtomicLong();
        Consumer<Call> counted = call -> {
            if (moments.incrementAndGet() == n) {
                action.accept(call);
            }
        };
        Fault before = on(Moment.BEFORE, call -> true, counted);
        Fault during = on(Moment.DURING, call -> true, counted);
        Fault after = on(Moment.AFTER, call -> true, counted);
        return () -> {
            before.close();
            during.close();
            after.close();
        };
    }

    /** Every apply and load with this id is refused for good. */
    public Fault refuses(RecordId id, String reason) {
        return on(
                Moment.DURING,
                call -> (call.operation() == Call.Operation.APPLY || call.operation() == Call.Operation.LOAD)
                        && call.ids().contains(id),
                call -> {
                    throw new RecordRefusedException(call.collections().get(0), null, reason, null);
                });
    }

    /** The matching calls hang at this moment until the hang is closed. */
    public Hang hang(Moment moment, Predicate<Call> calls) {
        return new Hang(this, moment, calls);
    }

    /** How many calls of this operation have reached the store. */
    public long count(Call.Operation operation) {
        AtomicLong count = counts.get(operation);
        return count == null ? 0 : count.get();
    }

    /** How many calls of any kind have reached the store. */
    public long count() {
        return total.get();
    }

    void reached(Call call) {
        total.incrementAndGet();
        counts.computeIfAbsent(call.operation(), operation -> new AtomicLong()).incrementAndGet();
    }

    void run(Moment moment, Call call) {
        for (Hook hook : hooks) {
            if (hook.moment() == moment && hook.calls().test(call)) {
                hook.action().accept(call);
            }
        }
    }

    StoreUnavailableException unavailable(String reason) {
        return new StoreUnavailableException(store, reason, null);
    }

    private void refuseConnection(Call call) {
        throw unavailable("connection refused");
    }

    /** Calls that hang. */
    public static final class Hang implements AutoCloseable {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final Fault fault;

        private Hang(Faults faults, Moment moment, Predicate<Call> calls) {
            this.fault = faults.on(moment, calls, call -> {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw faults.unavailable("interrupted");
                }
            });
        }

        /** Waits, at most ten seconds, until a call hangs. */
        public void awaitReached() {
            try {
                if (!reached.await(10, TimeUnit.SECONDS)) {
                    throw new AssertionError("no call came to hang");
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** Lets the calls go on. */
        @Override
        public void close() {
            fault.close();
            released.countDown();
        }
    }
}
