package dev.switchover.storage.spi;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;
import java.util.Map;

/**
 * {@link MirrorTarget#apply} for callers who may be held up only so long: then it fails, as one of which nobody knows whether it happened, or
 * as one of which nothing did. Used by one thread at a time.
 */
@FunctionalInterface
public interface BoundedApply extends AutoCloseable {

    /**
     * Takes over all of the changes, or none, as {@link MirrorTarget#apply} does.
     *
     * @return false if that cannot be promised of these changes, or not now: nothing was done
     */
    boolean apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds);

    /** Begins to make ready what {@link #apply} may have lacked, if it can; for callers who have a second. */
    default void makeReady() {}

    /** Lets go of what it holds; it is not used again. */
    @Override
    default void close() {}
}
