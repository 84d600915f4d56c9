package dev.switchover.dualwrite.guard;

import dev.switchover.storage.Store;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the operator allows beyond the rules.
 *
 * @param startStale a database phase may start on stale reads
 * @param force the epoch a refusal printed; any other number forces nothing
 * @param adopt which store is right where the ledgers cannot tell
 */
public record GuardOptions(boolean startStale, OptionalLong force, Optional<Store> adopt) {

    public static final GuardOptions NONE = new GuardOptions(false, OptionalLong.empty(), Optional.empty());
}
