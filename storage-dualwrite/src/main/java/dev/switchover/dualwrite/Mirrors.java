package dev.switchover.dualwrite;

import dev.switchover.dualwrite.mirror.Mirror;
import dev.switchover.dualwrite.mirror.MirrorCondition;
import dev.switchover.dualwrite.mirror.MirrorStatus;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mirror workers of this process: at most one for each direction. Thread-safe. */
final class Mirrors implements AutoCloseable {

    /** By primary; a map is never changed once it is here. */
    private volatile Map<Store, Running> running = Map.of();

    private record Running(Mirror mirror, Set<CollectionSchema<?, ?>> schemas) {}

    /** Starts a worker that carries what {@code primary} writes for these collections to the other store; the one before ends. */
    synchronized void start(Store primary, Mirror mirror, List<CollectionSchema<?, ?>> schemas) {
        Map<Store, Running> more = new EnumMap<>(Store.class);
        more.putAll(running);
        Running before = more.put(primary, new Running(mirror, new HashSet<>(schemas)));
        running = more;
        if (before != null) {
            before.mirror().close();
        }
        mirror.start();
    }

    /** Hands over what was written; in synchronous mode waits until the mirror has it, bounded. Never throws. */
    void offer(Store primary, List<Written> written) {
        Running worker = running.get(primary);
        if (worker == null) {
            return;
        }
        List<Written> mirrored = new ArrayList<>(written.size());
        for (Written one : written) {
            if (one.pending() && worker.schemas().contains(one.schema())) {
                mirrored.add(one);
            }
        }
        if (!mirrored.isEmpty()) {
            worker.mirror().offer(mirrored);
        }
    }

    /** Whether a worker carries exactly these collections, and has not stopped following any of them. */
    boolean follow(Store primary, List<CollectionSchema<?, ?>> schemas) {
        Running worker = running.get(primary);
        if (worker == null || !worker.schemas().equals(Set.copyOf(schemas))) {
            return false;
        }
        MirrorStatus status = worker.mirror().status();
        return status.health() != MirrorCondition.STOPPED
                && status.collections().size() == schemas.size();
    }

    /** The worker that carries this collection's writes, or null if this process has none. */
    @Nullable
    Mirror of(Store primary, CollectionSchema<?, ?> schema) {
        Running worker = running.get(primary);
        return worker != null && worker.schemas().contains(schema) ? worker.mirror() : null;
    }

    /** Whether this process has no worker. */
    boolean isEmpty() {
        return running.isEmpty();
    }

    /** Waits until every mirror is in step, bounded. */
    boolean awaitInSync(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean all = true;
        for (Running worker : running.values()) {
            all &= worker.mirror().awaitInSync(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        return all;
    }

    /** Drains what is pending, bounded by each worker's own setting. */
    @Override
    public synchronized void close() {
        Map<Store, Running> last = running;
        running = Map.of();
        last.values().forEach(worker -> worker.mirror().close());
    }
}
