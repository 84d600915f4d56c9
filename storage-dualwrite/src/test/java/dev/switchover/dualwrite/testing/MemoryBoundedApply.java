package dev.switchover.dualwrite.testing;

import dev.switchover.storage.Store;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Applies on a thread of its own and waits for it this long; an interrupt does not end the wait. In a simulation nothing hangs for ever. As
 * PostgreSQL it has to be made ready, and is not any more after a few applies.
 */
public final class MemoryBoundedApply implements BoundedApply {

    public static final String THREAD = "applying";

    private static final int APPLIES = 7;

    private final MirrorTarget target;
    private final boolean simulated;
    private final Duration atMost;
    private final int applies;
    private int left;

    MemoryBoundedApply(MirrorTarget target, MemoryDisk disk, Duration atMost) {
        this.target = target;
        this.simulated = disk.isSimulated();
        this.atMost = atMost;
        this.applies = disk.store() == Store.JSON ? Integer.MAX_VALUE : APPLIES;
        this.left = disk.store() == Store.JSON ? applies : 0;
    }

    @Override
    public boolean apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        if (left == 0) {
            return false;
        }
        left--;
        if (simulated) {
            target.apply(fences, changes, highestIds);
        } else {
            await(() -> target.apply(fences, changes, highestIds));
        }
        return true;
    }

    @Override
    public void makeReady() {
        left = applies;
    }

    private void await(Runnable apply) {
        CompletableFuture<@Nullable Void> applied = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        apply.run();
                        applied.complete(null);
                    } catch (Throwable e) {
                        applied.completeExceptionally(e);
                    }
                },
                THREAD);
        thread.setDaemon(true);
        thread.start();
        try {
            applied.orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new UnknownOutcomeException("no answer within " + atMost.toMillis() + " ms", e.getCause());
        }
    }
}
