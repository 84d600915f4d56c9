package dev.switchover.dualwrite;

import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.dualwrite.StorageStatus.StoreHealth;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a status says in words. */
final class Notes {

    private Notes() {}

    static List<String> flags(PhaseChoice choice) {
        return List.of(
                "FF_USE_DATABASE_STORAGE=" + choice.useDatabase(), "FF_DUAL_WRITE_ENABLED=" + choice.dualWrite());
    }

    /** What somebody beside the service should know, or null. */
    static @Nullable String beside(
            Phase phase,
            @Nullable Phase lastPhase,
            Store authority,
            @Nullable LedgerEntry entry,
            StoreHealth database) {
        if (phase.databasePhase() && database.health() != Health.OK) {
            return "PostgreSQL cannot be read, so what is pending there is not known";
        }
        if (entry == null) {
            return "No ledger knows the collection yet: the first start makes it";
        }
        if (!entry.serves()) {
            return authority.label() + " is " + entry.state() + (entry.confirmed() ? "" : ", not confirmed")
                    + ": a change of authority was begun; the next start finishes it or takes it back";
        }
        if (authority != phase.primary()) {
            return "The flags seen here say " + phase + ", but " + authority.label()
                    + " is the authority: the next start with these flags changes that";
        }
        if (lastPhase != null && lastPhase != phase) {
            return "The flags seen here say " + phase + ", the service was last started in " + lastPhase;
        }
        return null;
    }
}
