package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The collections a worker mirrors, which of them are refused, and what is to be told of each. Changed by the worker, read by
 * anybody. Thread-safe.
 */
final class Roster {

    private final MirrorListener listener;
    private final MirrorLog log;
    private final Pace pace;
    private final Map<CollectionSchema<?, ?>, MirrorStatus.Collection> statuses = new LinkedHashMap<>();
    private final Map<CollectionSchema<?, ?>, String> refused = new LinkedHashMap<>();
    /** Refused and not to be tried before {@link #retry}. */
    private final Map<CollectionSchema<?, ?>, String> resting = new LinkedHashMap<>();

    private long refusedAt;

    Roster(Collection<CollectionSchema<?, ?>> schemas, MirrorListener listener, MirrorLog log, Pace pace) {
        this.listener = listener;
        this.log = log;
        this.pace = pace;
        schemas.forEach(schema -> statuses.put(schema, MirrorStatus.Collection.starting(schema.name())));
    }

    void comparing(Progress.Step step) {
        listener.comparing(step);
    }

    /** Whether none is left to be mirrored. */
    synchronized boolean isEmpty() {
        return statuses.isEmpty();
    }

    synchronized List<CollectionSchema<?, ?>> all() {
        return List.copyOf(statuses.keySet());
    }

    /** Those that have no lane and may be tried now. */
    synchronized List<CollectionSchema<?, ?>> unopened(Set<CollectionSchema<?, ?>> opened) {
        return statuses.keySet().stream()
                .filter(schema -> !opened.contains(schema) && !resting.containsKey(schema))
                .toList();
    }

    synchronized boolean allOpened(Set<CollectionSchema<?, ?>> opened) {
        return opened.containsAll(statuses.keySet());
    }

    synchronized boolean retryIsDue(Duration pause) {
        return !resting.isEmpty() && pace.nanoTime() - refusedAt >= pause.toNanos();
    }

    /** Refused ones may be tried again. */
    synchronized void retry() {
        resting.clear();
    }

    synchronized void opened(Lane lane) {
        refused.remove(lane.schema());
        publish(lane);
    }

    synchronized void publish(Lane lane) {
        statuses.replace(lane.schema(), lane.status());
    }

    synchronized void pending(CollectionSchema<?, ?> schema, PendingSummary summary) {
        statuses.computeIfPresent(
                schema,
                (key, status) -> new MirrorStatus.Collection(
                        status.name(), 0, status.mirroring(), summary, null, status.problem()));
    }

    void refused(CollectionSchema<?, ?> schema, Refusal refusal) {
        String reason = refusal.reason();
        if (refusal.isForGood()) {
            synchronized (this) {
                statuses.remove(schema);
                refused.remove(schema);
            }
            log.ended(reason);
            listener.authorityLost(schema, reason);
            return;
        }
        boolean isNew;
        synchronized (this) {
            isNew = !reason.equals(refused.put(schema, reason));
            resting.put(schema, reason);
            refusedAt = pace.nanoTime();
            statuses.computeIfPresent(
                    schema,
                    (key, status) -> new MirrorStatus.Collection(
                            status.name(), 0, status.mirroring(), status.pending(), null, reason));
        }
        if (isNew) {
            log.refused(reason);
            listener.refused(schema, reason);
        }
    }

    synchronized List<MirrorStatus.Collection> statuses() {
        return List.copyOf(statuses.values());
    }

    synchronized @Nullable String firstProblem() {
        return refused.isEmpty() ? null : refused.values().iterator().next();
    }
}
