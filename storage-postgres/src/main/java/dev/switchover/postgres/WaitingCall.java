package dev.switchover.postgres;

import dev.switchover.postgres.CallLine.Lane;
import java.util.List;
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

    /** Those carried out together with this one, which is at {@code place} of them. */
    private List<WaitingCall<C, R>> group = List.of();

    private int place;

    WaitingCall(C call) {
        this.call = call;
    }

    void leads(Lane<C, R> given) {
        lane = given;
        state = State.LEADS;
        wake();
    }

    /** Before it is settled. */
    void joins(List<WaitingCall<C, R>> others, int at) {
        group = others;
        place = at;
    }

    /** @param what null if it has to be made alone */
    void comesTo(@Nullable R what) {
        result = what;
        state = what == null ? State.ALONE : State.DONE;
    }

    /** @param how null if it has to be made alone */
    void fails(@Nullable RuntimeException how) {
        failure = how;
        state = how == null ? State.ALONE : State.FAILED;
    }

    /** Of a run that ended with an error nobody knows anything. */
    void ended() {
        if (!settled() || state == State.LEADS) {
            state = State.UNKNOWN;
        }
        wake();
    }

    /**
     * Wakes two of those that were settled with it, who wake two more each: so whoever led them need not wake them all, one after the
     * other, before the next ones are carried out.
     */
    void wakeNext() {
        for (int next = 2 * place + 1; next <= 2 * place + 2 && next < group.size(); next++) {
            group.get(next).wake();
        }
    }

    private void wake() {
        if (thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    boolean settled() {
        State now = state;
        return now != State.IN_LINE && now != State.TAKEN;
    }
}
