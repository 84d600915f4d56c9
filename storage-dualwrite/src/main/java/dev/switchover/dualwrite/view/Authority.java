package dev.switchover.dualwrite.view;

import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import org.jspecify.annotations.Nullable;

/** Which store is the authority of a collection, as far as two ledgers tell. */
public final class Authority {

    private Authority() {}

    /**
     * The authority by two ledger entries, each null if there is none or it cannot be read.
     *
     * @param otherwise where no ledger says that its store is active
     */
    public static Store of(@Nullable LedgerEntry json, @Nullable LedgerEntry postgresql, Store otherwise) {
        long inJson = activeEpoch(json);
        long inDatabase = activeEpoch(postgresql);
        if (inJson == 0 && inDatabase == 0) {
            return otherwise;
        }
        // Both, if an older copy was put back; the guard will say so. The later change of authority is the likelier
        // one.
        return inJson >= inDatabase ? Store.JSON : Store.POSTGRESQL;
    }

    /** 0 if it is not active. */
    private static long activeEpoch(@Nullable LedgerEntry entry) {
        return entry != null && entry.state() == State.ACTIVE ? entry.epoch() : 0;
    }
}
