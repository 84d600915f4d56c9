package dev.switchover.dualwrite.flags;

/** Whether a write waits for the mirror. */
public enum MirrorMode {
    /** It does, at most the mirror timeout. */
    SYNC,
    /** It does not. */
    ASYNC
}
