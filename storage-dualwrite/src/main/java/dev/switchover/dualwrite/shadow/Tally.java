package dev.switchover.dualwrite.shadow;

import dev.switchover.dualwrite.shadow.Shadow.Outcome;
import dev.switchover.dualwrite.shadow.ShadowReads.Counted;
import java.util.Optional;

/** What came of the shadow reads of one collection. Thread-safe. */
final class Tally {

    private long compared;
    private long lagging;
    private long mismatched;
    private long dropped;
    private long failed;
    private long toldOf;
    private String first = "";

    synchronized void compared(Outcome outcome) {
        compared++;
        switch (outcome.kind()) {
            case EQUAL -> {}
            case LAGGING -> lagging++;
            case MISMATCHED -> {
                mismatched++;
                first = first.isEmpty() ? outcome.what() : first;
            }
        }
    }

    synchronized void dropped() {
        dropped++;
    }

    synchronized void failed() {
        failed++;
    }

    synchronized Counted counted() {
        return new Counted(compared, lagging, mismatched, dropped, failed);
    }

    /** What was mismatched since the last call. */
    synchronized Optional<String> news() {
        if (mismatched == toldOf) {
            return Optional.empty();
        }
        String news = (mismatched - toldOf) + " more differ from the mirror (" + mismatched + " of " + compared
                + " since the start); the first: " + first;
        toldOf = mismatched;
        first = "";
        return Optional.of(news);
    }
}
