package dev.switchover.dualwrite.flags;

/** What is done about the library's tables at start. */
public enum SchemaMode {
    /** They are created and upgraded. */
    APPLY,
    /** They are checked; a mismatch stops the start. */
    VALIDATE,
    /** The SQL that is missing is printed, then they are checked. */
    PRINT,
    /** Nothing. */
    OFF
}
