package dev.switchover.dualwrite.flags;

import java.util.Map;

/** What is known of the {@code feature_flags} table. */
public sealed interface FlagTable {

    /**
     * It was read; a missing table is an empty one.
     *
     * @param globals value by name, of the rows without a user; names as they stand in the table
     */
    record Read(Map<String, Boolean> globals) implements FlagTable {

        public Read {
            globals = Map.copyOf(globals);
        }
    }

    /** It could not be read, which is not the same as an absent flag. */
    record Unreadable(String reason) implements FlagTable {}

    /** There is no database to read it from. */
    record NotConfigured() implements FlagTable {}
}
