package dev.switchover.dualwrite.plan;

import dev.switchover.dualwrite.guard.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one store for one collection.
 *
 * @param records how many there are, or -1 if that was not counted
 * @param problem what a start would refuse to go on with, whatever the guard says; null if there is nothing
 */
record Seen(Observation observation, long records, @Nullable Problem problem) {

    /** A store that answers and still cannot be used. */
    record Problem(String code, List<String> facts, String remedy) {}
}
