package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.postgres.FeatureFlagTable;
import dev.switchover.postgres.PostgresStore;

/** Reads the {@code feature_flags} table. */
final class FlagTables {

    private FlagTables() {}

    /** A failed read is not an absent flag. */
    static FlagTable read(PostgresStore postgres) {
        FeatureFlagTable.Answer answer = postgres.featureFlags().read();
        if (answer instanceof FeatureFlagTable.Flags flags) {
            return new FlagTable.Read(flags.globals(), flags.contradictory());
        }
        return new FlagTable.Unreadable(((FeatureFlagTable.Unreadable) answer).reason());
    }
}
