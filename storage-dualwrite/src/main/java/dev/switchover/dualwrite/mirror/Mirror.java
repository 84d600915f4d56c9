package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.flags.MirrorMode;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Written;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries what is written to one store over to the other: one worker thread for a pair of stores and the collections that go
 * this way. A mirror never fails a write, and costs it at most the timeout once: then it is degraded, nobody waits, and what is
 * pending is carried over as soon as the mirror works again, without anybody's help.
 *
 * <p>What makes this safe is the primary's durable pending set. Handing over is a short cut: a handed state is applied without
 * asking the primary again, but only if it cannot be older than what the mirror has; everything not handed over, or turned away,
 * is found by polling. Applied records are forced in the mirror, then acknowledged, many at a time; a writer's wait ends
 * before that, for the pending mark is durable until then.
 *
 * <p>Thread-safe. The stores are not closed by it.
 */
public final class Mirror implements AutoCloseable {

    private static final Duration LAST_CALL = Duration.ofMillis(500);

    private final RecordStore primary;
    private final RecordStore mirror;
    private final Set<CollectionSchema<?, ?>> schemas;
    private final MirrorSettings settings;
    private final MirrorWorker.Shared shared;
    private final MirrorWorker worker;
    private final String noAnswer;
    private Pace.@Nullable Running running;
    private boolean closed;

    /**
     * Does no I/O.
     *
     * @param schemas whose authority is {@code primary}
     */
    public Mirror(
            RecordStore primary,
            RecordStore mirror,
            Collection<CollectionSchema<?, ?>> schemas,
            MirrorPreparation preparation,
            MirrorListener listener,
            MirrorSettings settings,
            Clock clock) {
        this(primary, mirror, schemas, preparation, listener, settings, clock, Pace.REAL);
    }

    Mirror(
            RecordStore primary,
            RecordStore mirror,
            Collection<CollectionSchema<?, ?>> schemas,
            MirrorPreparation preparation,
            MirrorListener listener,
            MirrorSettings settings,
            Clock clock,
            Pace pace) {
        this.primary = primary;
        this.mirror = mirror;
        this.schemas = new HashSet<>(schemas);
        this.settings = settings;
        this.shared = MirrorWorker.Shared.of(mirror.store(), schemas, listener, settings, clock, pace);
        this.worker = new MirrorWorker(primary, mirror, preparation, settings, shared);
        this.noAnswer = "no answer within " + settings.timeout().toMillis() + " ms";
    }

    /** Starts the worker, once. Returns at once. */
    public synchronized void start() {
        if (running == null && !closed) {
            String name = "switchover-mirror-" + mirror.store().name().toLowerCase(Locale.ROOT);
            running = shared.pace().start(worker, name);
            primary.onGroupCommit(this::committed);
        }
    }

    /**
     * Hands over what one call has committed; called by the writer, after its commit. In synchronous mode it waits until the
     * mirror has it, at most the timeout, unless the mirror is behind or degraded. Never throws; an interrupt ends the wait,
     * stays set, and harms nothing.
     */
    public void offer(List<Written> written) {
        if (written.isEmpty()) {
            return;
        }
        MirrorHealth health = shared.health();
        Ticket ticket = health.writersWait() ? shared.queue().offer(written) : null;
        if (ticket == null) {
            shared.queue().forget(written.get(0));
            nameIfDegraded(written.get(0));
            return;
        }
        if (settings.mode() == MirrorMode.SYNC && !ticket.await(settings.timeout())) {
            if (health.timedOut(noAnswer) == MirrorHealth.Notice.FIRST) {
                shared.log().failed(written.get(0).schema(), written.get(0).id(), noAnswer);
            } else {
                nameIfDegraded(written.get(0));
            }
        }
    }

    /** What is not taken here comes by {@link #offer}. */
    private void committed(List<Written> written) {
        if (shared.health().writersWait() && written.stream().allMatch(this::isMirrored)) {
            shared.queue().offerTogether(written);
        }
    }

    private boolean isMirrored(Written written) {
        return written.pending() && schemas.contains(written.schema());
    }

    private void nameIfDegraded(Written written) {
        shared.health().nameRecord().ifPresent(reason -> shared.log().failed(written.schema(), written.id(), reason));
    }

    /** Takes no I/O. */
    public MirrorStatus status() {
        MirrorHealth health = shared.health();
        MirrorCondition condition = health.condition();
        String problem = shared.roster().firstProblem();
        boolean reached = condition == MirrorCondition.IN_SYNC || condition == MirrorCondition.CATCHING_UP;
        @Nullable String error = problem == null ? health.lastError() : problem;
        return new MirrorStatus(
                mirror.store(),
                problem != null && reached ? MirrorCondition.REFUSED : condition,
                health.since(),
                health.lastInSync(),
                error,
                shared.roster().statuses());
    }

    /**
     * Waits until everything that is pending now has reached the mirror, in all collections, or is parked.
     *
     * @return false if it took too long, the mirror was closed, or the caller was interrupted, which stays set
     */
    public boolean awaitInSync(Duration atMost) {
        return shared.barrier().await(atMost, shared.queue()::wake);
    }

    /**
     * Carries over what is pending and ends a running comparison, within the close timeout; then tells the primary that this
     * worker is gone. What does not reach the mirror in time stays pending. May be called more than once.
     */
    @Override
    public void close() {
        Pace.Running work;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            work = running;
            primary.onGroupCommit(null);
            if (work == null) {
                shared.health().stopped();
                return;
            }
        }
        shared.closing().request(settings.closeTimeout());
        shared.queue().wake();
        try {
            work.join(settings.closeTimeout().plus(LAST_CALL));
        } catch (InterruptedException e) {
            // The worker goes on closing without us; what it does not get done stays pending.
            Thread.currentThread().interrupt();
        }
        if (shared.closing().left() != 0) {
            shared.log().closedWith(shared.closing().left());
        }
    }
}
