package dev.switchover.dualwrite;

import dev.switchover.storage.Phase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The flags as they stand now, and the phases a start would choose by them. Immutable.
 *
 * @param collections what a start would choose; empty if it would be refused, then {@code problems} says why
 * @param table the rows of {@code feature_flags} that hold for everybody, ours and others', by name
 * @param contradictory names that are in the table more than once, on and off
 * @param tableProblem why the table cannot be read; null if it can, or no database is configured
 * @param problems what is wrong with the flags
 */
public record FlagOverview(
        List<Choice> collections,
        Map<String, Boolean> table,
        Set<String> contradictory,
        @Nullable String tableProblem,
        List<String> problems) {

    public FlagOverview {
        collections = List.copyOf(collections);
        table = Map.copyOf(table);
        contradictory = Set.copyOf(contradictory);
        problems = List.copyOf(problems);
    }

    /**
     * One collection.
     *
     * @param flags each flag, its value and where it came from
     */
    public record Choice(String collection, Phase phase, List<String> flags) {

        public Choice {
            flags = List.copyOf(flags);
        }
    }
}
