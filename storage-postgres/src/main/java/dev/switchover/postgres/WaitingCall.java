package dev.switchover.postgres;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A caller in the line of {@link CombinedCalls}. Its state is changed under the lock of the line, or by whoever has taken it. */
final class WaitingCall<C, R> {

    enum State {
        IN_LINE,
        TAKEN,
        LEADS,
        ALONE,
        DONE,
        FAILED
    }

    final C call;
    volatile State state = State.IN_LINE;

    @Nullable
    R result;

    @Nullable
    RuntimeException failure;

    private final Thread thread = Thread.currentThread();

    WaitingCall(C call) {
        this.call = call;
    }

    /** Wakes the caller, who then sees what was set before. */
    void become(State next) {
        state = next;
        if (thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    boolean settled() {
        State now = state;
        return now != State.IN_LINE && now != State.TAKEN;
    }
}
