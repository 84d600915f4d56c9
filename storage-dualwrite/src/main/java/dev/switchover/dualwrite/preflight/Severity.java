package dev.switchover.dualwrite.preflight;

/** How bad a finding is. */
public enum Severity {
    /** It stops a start or a switchover, or the service cannot read the record. Mend it first. */
    REFUSED,
    /** The record moves, and means the same afterwards, but its text comes back written otherwise. */
    CHANGED,
    /** Nothing is lost; good to know. */
    INFORMATION
}
