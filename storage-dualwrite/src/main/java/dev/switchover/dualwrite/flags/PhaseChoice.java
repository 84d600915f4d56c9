package dev.switchover.dualwrite.flags;

import dev.switchover.storage.Phase;

/** The phase the flags choose for one collection, and where each flag came from. */
public record PhaseChoice(Phase phase, FlagValue useDatabase, FlagValue dualWrite) {

    PhaseChoice(FlagValue useDatabase, FlagValue dualWrite) {
        this(Phase.of(useDatabase.value(), dualWrite.value()), useDatabase, dualWrite);
    }

    @Override
    public String toString() {
        return phase + ": use database " + useDatabase + ", dual write " + dualWrite;
    }
}
