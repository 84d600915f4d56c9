package dev.switchover.dualwrite.flags;

/**
 * A flag and where it came from.
 *
 * @param source for people: {@code environment FF_DUAL_WRITE_ENABLED}, {@code feature_flags DUAL_WRITE_ENABLED_EXPENSES},
 *     {@code default}, {@code last start (ledger)}
 */
public record FlagValue(boolean value, String source) {

    static final String DEFAULT = "default";
    static final String LAST_START = "last start (ledger)";

    @Override
    public String toString() {
        return value + " (" + source + ")";
    }
}
