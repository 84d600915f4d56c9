package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.flags.MirrorMode;
import dev.switchover.dualwrite.mirror.WrittenQueue.Ticket;
import dev.switchover.storage.spi.MirrorTarget;
import org.jspecify.annotations.Nullable;

/**
 * What a writer does in the worker's place: it carries over what it has just written. What goes wrong concerns the session, so the
 * worker is told, and the writer is not. Used by one thread at a time.
 */
final class WritersTurn implements WrittenQueue.Turn {

    private final MirrorTarget target;
    private final Carrier carrier;
    private final Applier applier;
    private final WrittenQueue queue;
    private final int acknowledgeAt;
    private @Nullable RuntimeException failure;

    /** Null if writers do not wait for the mirror, or might wait too long in the worker's place. */
    static @Nullable WritersTurn of(
            MirrorTarget mirror, Carrier carrier, Applier applier, WrittenQueue queue, MirrorSettings settings) {
        MirrorTarget target = mirror.within(settings.timeout());
        return target == null || settings.mode() != MirrorMode.SYNC
                ? null
                : new WritersTurn(target, carrier, applier, queue, settings.batchRecords());
    }

    /** @param acknowledgeAt how many applied records are enough for an acknowledgement */
    private WritersTurn(MirrorTarget target, Carrier carrier, Applier applier, WrittenQueue queue, int acknowledgeAt) {
        this.target = target;
        this.carrier = carrier;
        this.applier = applier;
        this.queue = queue;
        this.acknowledgeAt = acknowledgeAt;
    }

    @Override
    public boolean take(Ticket ticket) {
        if (failure != null) {
            return false;
        }
        boolean nothing = applier.unacknowledged() == 0;
        try {
            if (!carrier.carryBy(target, ticket)) {
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

    /** Throws what a turn failed with. By the worker, when no turn is taken. */
    void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }
}
