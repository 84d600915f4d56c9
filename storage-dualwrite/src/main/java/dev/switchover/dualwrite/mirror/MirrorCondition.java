package dev.switchover.dualwrite.mirror;

/** How a mirror is. */
public enum MirrorCondition {
    /** It has not been reached yet. Writes do not wait for it. */
    STARTING,
    /** It is reached; what was pending before, or everything, is on its way. Writes do not wait for it. */
    CATCHING_UP,
    /** Nothing older is pending. Synchronous writes wait for it. */
    IN_SYNC,
    /** It fails or does not answer. Writes do not wait for it; what they change is pending and is carried over later. */
    DEGRADED,
    /** At least one collection must not be mirrored until somebody decides, see the collection's reason. */
    REFUSED,
    /** It has been closed, or its primary is no longer the authority of any of its collections. */
    STOPPED
}
