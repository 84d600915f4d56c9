package dev.switchover.dualwrite.testing;

import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Applies on a thread of its own and waits for it this long, as the JSON store does; an interrupt does not end the wait. */
public record BoundedTarget(MirrorTarget target, Duration atMost) implements MirrorTarget {

    public static final String THREAD = "applying";

    @Override
    public void apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        CompletableFuture<@Nullable Void> applied = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        target.apply(fences, changes, highestIds);
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

    @Override
    public void force() {
        target.force();
    }

    @Override
    public long load(CollectionSchema<?, ?> schema, Fence fence, Iterator<MirrorChange> changes) {
        return target.load(schema, fence, changes);
    }
}
