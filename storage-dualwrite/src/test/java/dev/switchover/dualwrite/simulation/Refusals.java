package dev.switchover.dualwrite.simulation;

import dev.switchover.storage.StartRefusedException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a refused start tells its operator. */
final class Refusals {

    private static final Pattern FORCE = Pattern.compile("SWITCHOVER_FORCE=(\\d+)");

    /** These say that the stores have come apart; without a restore or a force they must not come. */
    private static final Set<String> APART = Set.of(
            "NO-AUTHORITY",
            "TWO-AUTHORITIES",
            "FORKED",
            "LINEAGE-DIFFERS",
            "WENT-BACK-IN-TIME",
            "EPOCH-WENT-BACK",
            "LEDGER-MISSING",
            "UNKNOWN-CONTENT",
            "ROWS-BESIDE-AN-EMPTY-DIRECTORY");

    private Refusals() {}

    static Optional<String> forcedEpoch(StartRefusedException refused) {
        Matcher matcher = FORCE.matcher(String.valueOf(refused.getMessage()));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    static boolean saysApart(StartRefusedException refused) {
        return APART.contains(refused.code());
    }
}
