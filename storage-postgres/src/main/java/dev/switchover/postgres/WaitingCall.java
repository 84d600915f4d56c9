package dev.switchover.postgres;

import dev.switchover.postgres.CallLine.Lane;
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
        FAILED,
        UNKNOWN
    }

    final C call;
    /** Read before everything else is; set after it. */
    volatile State state = State.IN_LINE;

    /** Of one that leads. */
    @Nullable
    Lane<C, R> lane;

    @Nullable
    R result;

    @Nullable
    RuntimeException failure;

    private final Thread thread = Thread.currentThread();

    WaitingCall(C call) {
        this.call = call;
    }

    void leads(Lane<C, R> given) {
        lane = given;
        become(State.LEADS);
    }

    /** @param what null if it has to be made alone */
    void comesTo(@Nullable R what) {
        result = what;
        become(what == null ? State.ALONE : State.DONE);
    }

    /** @param how null if it has to be made alone */
    void fails(@Nullable RuntimeException how) {
        failure = how;
        become(how == null ? State.ALONE : State.FAILED);
    }

    void becomeUnlessSettled(State next) {
        if (!settled() || state == State.LEADS) {
            become(next);
        }
    }

    /** Wakes the caller, who then sees what was set before. */
    private void become(State next) {
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
