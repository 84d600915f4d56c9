package dev.switchover.dualwrite.flags;

import java.util.Map;
import java.util.Set;

/** What is known of the {@code feature_flags} table. */
public sealed interface FlagTable {

    /**
     * It was read; a missing table is an empty one.
     *
     * @param globals value by name, of the rows without a user; names as they stand in the table
     * @param contradictory names of rows without a user that are on and off
     */
    record Read(Map<String, Boolean> globals, Set<String> contradictory) implements FlagTable {

        public Read {
            globals = Map.copyOf(globals);
            contradictory = Set.copyOf(contradictory);
        }

        /** No row contradicts another. */
        public Read(Map<String, Boolean> globals) {
            this(globals, Set.of());
        }
    }

    /** It could not be read, which is not the same as an absent flag. */
    record Unreadable(String reason) implements FlagTable {}

    /** There is no database to read it from. */
    record NotConfigured() implements FlagTable {}
}
