package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.schema.CollectionSchema;

/** Told by the worker, on its thread. Must return soon and not throw. */
public interface MirrorListener {

    /** Hears nothing. */
    MirrorListener NONE = new MirrorListener() {};

    /** The primary is no longer the authority of this collection; this worker has stopped mirroring it, for good. */
    default void authorityLost(CollectionSchema<?, ?> schema, String reason) {}

    /** How far the comparison of everything has come, from which a new mirror is filled. */
    default void comparing(Progress.Step step) {}

    /** The collection must not be mirrored until somebody decides. Told once for each reason. */
    default void refused(CollectionSchema<?, ?> schema, String reason) {}
}
