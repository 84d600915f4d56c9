package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.mirror.Carrier.Concerned;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;

/** The thread of a mirror: opens a session, and after a failure and a pause another one. */
final class MirrorWorker implements Runnable {

    /** What the worker and those who ask it for something have in common. */
    record Shared(
            WrittenQueue queue,
            MirrorHealth health,
            SyncBarrier barrier,
            Closing closing,
            Roster roster,
            Clock clock,
            Pace pace,
            MirrorLog log) {

        private static final int HANDED_OVER_AT_MOST = 10_000;

        static Shared of(
                Store mirror,
                Collection<CollectionSchema<?, ?>> schemas,
                MirrorListener listener,
                MirrorSettings settings,
                Clock clock,
                Pace pace) {
            MirrorLog log = new MirrorLog(mirror, pace::nanoTime);
            return new Shared(
                    new WrittenQueue(HANDED_OVER_AT_MOST, pace),
                    new MirrorHealth(pace::nanoTime, clock, pace::jitter, settings.maxBackOff()),
                    new SyncBarrier(pace),
                    new Closing(pace),
                    new Roster(schemas, listener, log, pace),
                    clock,
                    pace,
                    log);
        }
    }

    private final RecordStore primary;
    private final RecordStore mirror;
    private final LaneOpening opening;
    private final MirrorSettings settings;
    private final Shared shared;

    MirrorWorker(
            RecordStore primary,
            RecordStore mirror,
            MirrorPreparation preparation,
            MirrorSettings settings,
            Shared shared) {
        this.primary = primary;
        this.mirror = mirror;
        this.opening = new LaneOpening(primary, mirror, preparation, settings.quiesceDeadline());
        this.settings = settings;
        this.shared = shared;
    }

    @Override
    public void run() {
        try {
            boolean last;
            boolean ended;
            do {
                // Closing in the middle of a pause still tries once.
                last = shared.closing().isRequested();
                ended = attempt();
                pause();
            } while (!ended && !last);
        } finally {
            shared.queue().close();
            shared.barrier().close();
            shared.health().stopped();
        }
    }

    /** @return whether the session came to its own end */
    private boolean attempt() {
        MirrorSession session = new MirrorSession(primary, mirror, opening, settings, shared);
        try (session) {
            session.open();
            session.run();
            return true;
        } catch (StorageException e) {
            failed(session, firstLine(String.valueOf(e.getMessage())), cause(e));
        } catch (Refusal e) {
            // Found while at work; what follows from it is decided when the next session opens.
            failed(session, e.reason(), e.reason());
        } catch (RuntimeException e) {
            // A bug must not end the mirror for the life of the process: what is pending is still carried over later.
            shared.log().bug(e);
            failed(session, e.getClass().getSimpleName(), e.getClass().getSimpleName());
        } finally {
            if (shared.closing().isRequested()) {
                shared.closing().left(count());
            }
        }
        return false;
    }

    private void failed(MirrorSession session, String reason, String cause) {
        Concerned concerned = session.concerned();
        MirrorHealth.Notice notice = shared.health().failed(reason, cause, concerned != null);
        long pending = count();
        switch (notice) {
            case FIRST -> {
                if (concerned == null) {
                    shared.log().unreachable(reason);
                } else {
                    shared.log().failed(concerned.schema(), concerned.id(), cause);
                }
            }
            case SUMMARY -> shared.log().stillAway(shared.health().present(), pending);
            case NOTHING -> {
                // Said already.
            }
        }
    }

    /** How many records are pending, or -1 if the primary does not say. */
    private long count() {
        long all = 0;
        try {
            for (CollectionSchema<?, ?> schema : shared.roster().all()) {
                PendingSummary summary = primary.pending().summary(schema);
                shared.roster().pending(schema, summary);
                all += summary.count();
            }
            return all;
        } catch (StorageException e) {
            return -1;
        }
    }

    private void pause() {
        Duration left = shared.health().untilNextAttempt();
        while (!left.isZero() && !shared.closing().isRequested()) {
            shared.queue().pause(left.toNanos());
            left = shared.health().untilNextAttempt();
        }
    }

    private static String cause(StorageException e) {
        return firstLine(
                e instanceof StoreUnavailableException unavailable
                        ? unavailable.reason()
                        : String.valueOf(e.getMessage()));
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
