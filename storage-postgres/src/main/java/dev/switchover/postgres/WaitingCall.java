package dev.switchover.postgres;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A caller in the line of {@link CombinedCalls}. Its state is changed under the lock of the line, or by whoever has taken it. */
final class WaitingCall<C, R> {

    enum State {
        IN_LINE,
        TAKEN,
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

    /** What it came to; null to make it alone. */
    void tell(@Nullable R outcome) {
        result = outcome;
        become(outcome == null ? State.ALONE : State.DONE);
    }

    /** Why it failed; null to make it alone. */
    void fail(@Nullable RuntimeException reason) {
        failure = reason;
        become(reason == null ? State.ALONE : State.FAILED);
    }

    /** Wakes the caller, who then sees what was set before. */
    void become(State next) {
        state = next;
        LockSupport.unpark(thread);
    }

    boolean settled() {
        State now = state;
        return now != State.IN_LINE && now != State.TAKEN;
    }
}
