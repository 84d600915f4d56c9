package dev.switchover.dualwrite.testing;

import dev.switchover.storage.Store;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one call does to a {@link MemoryDisk}, in two steps, as a statement with its snapshot does: the first looks at the ledger,
 * the second changes. A quiesce that begins in between waits. Whoever carries it decides when each step happens, and whether the
 * process that sent it still lives by then.
 */
public final class Statement<T extends @Nullable Object> {

    /** Looks at the ledger and gives what remains to be done. */
    interface Step<T extends @Nullable Object> extends Supplier<Supplier<T>> {}

    private final MemoryDisk disk;
    private final Call call;
    private final Step<T> step;
    private CallsInFlight.@Nullable Ticket ticket;
    private @Nullable Supplier<T> rest;
    private long kills;

    private Statement(MemoryDisk disk, Call call, Step<T> step) {
        this.disk = disk;
        this.call = call;
        this.step = step;
    }

    static <C extends @Nullable Object, T extends @Nullable Object> Statement<T> of(
            MemoryDisk disk, Call call, Supplier<C> check, Function<C, T> effect) {
        return new Statement<>(disk, call, () -> {
            C seen = check.get();
            return () -> effect.apply(seen);
        });
    }

    public Store store() {
        return disk.store();
    }

    public Call call() {
        return call;
    }

    public boolean isBegun() {
        return rest != null;
    }

    /** Takes the locks and looks at the ledger; what it throws ends the statement. */
    public void begin() {
        ticket = call.operation().writesRecords() ? disk.calls().begin(call) : null;
        try {
            disk.faults().reached(call);
            kills = disk.kills();
            rest = disk.locked(step);
        } catch (RuntimeException e) {
            abandon();
            throw e;
        }
    }

    /** Changes what it is to change, and lets go of the locks. */
    public T finish() {
        Supplier<T> remaining = rest;
        if (remaining == null) {
            throw new IllegalStateException("not begun: " + call);
        }
        try {
            return disk.locked(() -> {
                if (disk.kills() != kills) {
                    throw disk.faults().unavailable("the server was killed");
                }
                return remaining.get();
            });
        } finally {
            abandon();
        }
    }

    /** Lets go of the locks; what has not happened will not. */
    public void abandon() {
        CallsInFlight.Ticket held = ticket;
        ticket = null;
        if (held != null) {
            disk.calls().end(held);
        }
    }
}
