package dev.switchover.cli;

/** What a command ends with. Stable: scripts branch on them. */
public enum ExitCode {
    /** Done, and nothing was found that needs anybody. */
    DONE(0, "done"),
    /** Done, and something was found: differences, records that are refused, parked records, a check that failed. */
    FOUND(1, "found"),
    /** The command was not understood, or settings are wrong; nothing was touched. */
    USAGE(2, "usage"),
    /** Going on would risk records, so it was not done; the message has a code and the remedy. */
    REFUSED(3, "refused"),
    /** The database, or the directory, does not answer. */
    UNREACHABLE(4, "unreachable"),
    /** Nobody confirmed what needs to be confirmed; nothing was changed. */
    NOT_CONFIRMED(5, "not confirmed"),
    /** A file or a table is not what it should be; it was not touched. */
    UNREADABLE(6, "unreadable"),
    /** A mistake of the program itself. */
    FAILED(70, "failed");

    private final int code;
    private final String outcome;

    ExitCode(int code, String outcome) {
        this.code = code;
        this.outcome = outcome;
    }

    public int code() {
        return code;
    }

    /** The word for it in {@code --json}. */
    public String outcome() {
        return outcome;
    }

    /** The worse of two: a command over several collections ends with the worst. */
    ExitCode or(ExitCode other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
