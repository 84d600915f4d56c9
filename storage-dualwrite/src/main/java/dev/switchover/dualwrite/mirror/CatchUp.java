package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A mirror worker for the time of one call, on the caller's thread: raises the term, compares everything unless mirroring is on
 * already, carries over what is pending, and ends. For a mirror that is to become the authority: most of its records are there
 * before the authority is sealed. Nobody hands over; what others write meanwhile is found pending.
 */
public final class CatchUp {

    /** At the pace of the machine. */
    public static final CatchUp REAL = new CatchUp(Pace.REAL);

    private final Pace pace;

    CatchUp(Pace pace) {
        this.pace = pace;
    }

    /**
     * Works until nothing is pending any more, or, once everything has been compared, for as long as the settings wait for
     * anything: writers may be faster than the mirror. Comparing has no bound of its own, but each call to a store has.
     *
     * @return whether nothing was left
     * @throws FencedException if the primary is no longer the authority
     * @throws StoreUnavailableException if a store does not answer, or the two do not belong together
     */
    public boolean run(
            RecordStore primary,
            RecordStore mirror,
            CollectionSchema<?, ?> schema,
            MirrorListener listener,
            MirrorSettings settings,
            Clock clock) {
        Problem problem = new Problem(listener);
        MirrorWorker.Shared shared =
                MirrorWorker.Shared.of(mirror.store(), List.of(schema), problem, settings, clock, pace);
        LaneOpening opening = new LaneOpening(primary, mirror, ignored -> {}, settings.quiesceDeadline());
        try (MirrorSession session = new MirrorSession(primary, mirror, opening, settings, shared)) {
            session.open();
            problem.throwIfAny(mirror);
            return session.catchUp(settings.quiesceDeadline());
        } catch (Refusal e) {
            throw new StoreUnavailableException(mirror.store(), e.reason(), null);
        }
    }

    /** Lets time pass. @return false if the caller was interrupted */
    public boolean pause(Duration time) {
        try {
            pace.await(new CountDownLatch(1), time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Remembers why a lane was not opened. */
    private static final class Problem implements MirrorListener {
        private final MirrorListener listener;
        private @Nullable String refused;
        private @Nullable FencedException lost;

        Problem(MirrorListener listener) {
            this.listener = listener;
        }

        @Override
        public void comparing(Progress.Step step) {
            listener.comparing(step);
        }

        @Override
        public void refused(CollectionSchema<?, ?> schema, String reason) {
            refused = reason;
        }

        @Override
        public void authorityLost(CollectionSchema<?, ?> schema, String reason) {
            lost = new FencedException(schema.name(), reason);
        }

        void throwIfAny(RecordStore mirror) {
            if (lost != null) {
                throw lost;
            }
            if (refused != null) {
                throw new StoreUnavailableException(mirror.store(), refused, null);
            }
        }
    }
}
