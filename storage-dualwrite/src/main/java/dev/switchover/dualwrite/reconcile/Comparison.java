package dev.switchover.dualwrite.reconcile;

import org.jspecify.annotations.Nullable;

/** Two stores compared, one id at a time. Used by one thread. Close it. */
interface Comparison extends AutoCloseable {

    boolean hasNext();

    /** Looks at the next id. Returns null if both hold the same under it. */
    @Nullable
    Difference next();

    @Override
    void close();
}
