package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.flags.MirrorMode;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.MirrorTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a writer does in the worker's place: it carries over what it has just written. What goes wrong concerns the session, so the
 * worker is told, and the writer is not. Used by one thread at a time.
 */
final class WritersTurn implements WrittenQueue.Turn, AutoCloseable {

    private final @Nullable BoundedApply bounded;
    private final Carrier carrier;
    private final Applier applier;
    private final WrittenQueue queue;
    private final int acknowledgeAt;
    private @Nullable RuntimeException failure;
    private boolean declined;

    static WritersTurn of(
            MirrorTarget mirror, Carrier carrier, Applier applier, WrittenQueue queue, MirrorSettings settings) {
        BoundedApply bounded = settings.mode() == MirrorMode.SYNC ? mirror.within(settings.timeout()) : null;
        return new WritersTurn(bounded, carrier, applier, queue, settings.batchRecords());
    }

    /** @param acknowledgeAt how many applied records are enough for an acknowledgement */
    private WritersTurn(
            @Nullable BoundedApply bounded, Carrier carrier, Applier applier, WrittenQueue queue, int acknowledgeAt) {
        this.bounded = bounded;
        this.carrier = carrier;
        this.applier = applier;
        this.queue = queue;
        this.acknowledgeAt = acknowledgeAt;
    }

    /** Null if writers do not wait for the mirror, or might wait too long in the worker's place. */
    WrittenQueue.@Nullable Turn orNull() {
        return bounded == null ? null : this;
    }

    @Override
    public boolean take(List<Ticket> tickets) {
        // What an interrupt would end, on some kinds of threads, is not only this writer's.
        if (failure != null || bounded == null || Thread.currentThread().isInterrupted()) {
            return false;
        }
        boolean nothing = applier.unacknowledged() == 0;
        try {
            if (!carrier.carryBy(bounded, tickets)) {
                declined = true;
                return false;
            }
        } catch (RuntimeException e) {
            failure = e;
            queue.wake();
            return true;
        }
        if (nothing || applier.unacknowledged() >= acknowledgeAt) {
            queue.wake(); // it knows of nothing to acknowledge, or not of so much
        }
        return true;
    }

    /** After a turn that could not be taken, so that the next one can. By the worker, when no turn is taken. */
    void makeReady() {
        if (declined && bounded != null) {
            declined = false;
            bounded.makeReady();
        }
    }

    /** Throws what a turn failed with. By the worker, when no turn is taken. */
    void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }

    /** By the worker, when no turn is taken. */
    @Override
    public void close() {
        if (bounded != null) {
            bounded.close();
        }
    }
}
