package dev.switchover.dualwrite;

import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Where the reads and writes of one collection go at present. Thread-safe. */
final class Route {

    private final CollectionSchema<?, ?> schema;
    private final PhaseChoice choice;
    /** 0 until the guard has let the primary serve. */
    private volatile long epoch;

    private volatile @Nullable String fenced;
    /** The newest the watch has seen in the database's ledger. */
    private volatile long ledgerEpoch;

    private volatile Position ledgerPosition = Position.NONE;
    private volatile Mirroring ledgerMirroring = Mirroring.OFF;

    private final LongAdder staleReads = new LongAdder();

    Route(CollectionSchema<?, ?> schema, PhaseChoice choice) {
        this.schema = schema;
        this.choice = choice;
    }

    CollectionSchema<?, ?> schema() {
        return schema;
    }

    PhaseChoice choice() {
        return choice;
    }

    Phase phase() {
        return choice.phase();
    }

    /** False only after a start on a stale copy, until the guard has let the database serve. */
    boolean serving() {
        return epoch > 0;
    }

    void answeredStale() {
        staleReads.increment();
    }

    /** How many reads have been answered from a stale copy. */
    long staleReads() {
        return staleReads.sum();
    }

    long epoch() {
        return epoch;
    }

    /** What the database's ledger says; it never says less again, unless it went back in time. */
    void sawLedger(LedgerEntry entry) {
        ledgerEpoch = entry.epoch();
        ledgerPosition = entry.position();
        ledgerMirroring = entry.mirroring();
    }

    long ledgerEpoch() {
        return ledgerEpoch;
    }

    Position ledgerPosition() {
        return ledgerPosition;
    }

    /** Whether the database's ledger said that writes are recorded as pending. */
    boolean ledgerMirrors() {
        return ledgerMirroring != Mirroring.OFF;
    }

    void serve(long newEpoch) {
        epoch = newEpoch;
        fenced = null;
    }

    /** Another instance has switched the collection over. */
    void fence(String reason) {
        fenced = reason;
    }

    /** Why this instance no longer serves the collection, or null while it does. */
    @Nullable
    String fencedBecause() {
        return fenced;
    }

    /** @throws FencedException if another instance has switched the collection over */
    void check() {
        String reason = fenced;
        if (reason != null) {
            throw new FencedException(schema.name(), reason);
        }
    }
}
