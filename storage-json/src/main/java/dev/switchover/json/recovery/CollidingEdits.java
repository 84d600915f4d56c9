package dev.switchover.json.recovery;

/**
 * What a start does if a file was edited by hand after a crash, and records that were edited have newer versions in the
 * journal.
 */
public enum CollidingEdits {
    /** It refuses; both versions stay where they are. */
    REFUSE,
    /** The edited file counts. */
    FILE,
    /** The journal counts. */
    JOURNAL
}
