package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at both stores for one collection; a verdict is given on it and carried out on it. */
record Turn(
        CollectionSchema<?, ?> schema,
        Phase wanted,
        Observation json,
        Observation database,
        Map<Store, RecordStore> stores) {

    String collection() {
        return schema.name();
    }

    Observation of(Store store) {
        return store == Store.JSON ? json : database;
    }

    boolean present(Store store) {
        return of(store) instanceof Observation.Present;
    }

    RecordStore store(Store store) {
        RecordStore open = stores.get(store);
        if (open == null) {
            throw new IllegalStateException("the guard asked for " + store + ", which is not there");
        }
        return open;
    }

    /** The entry as it is stored, also one the guard takes for none. */
    Optional<LedgerEntry> entry(Store store) {
        return of(store) instanceof Observation.Present present ? present.entry() : Optional.empty();
    }

    @Nullable
    LedgerEntry stored(Store store) {
        Optional<LedgerEntry> entry = entry(store);
        return entry.isPresent() ? entry.get() : null;
    }

    LedgerEntry required(Store store) {
        return entry(store).orElseThrow(() -> new IllegalStateException("the guard counted on an entry in " + store));
    }

    /** The same look, with an entry as it is by now. */
    Turn with(Store store, LedgerEntry now) {
        if (!(of(store) instanceof Observation.Present old)) {
            throw new IllegalStateException(store + " was not there");
        }
        Observation.Present present =
                new Observation.Present(Optional.of(now), old.hasRecords(), old.remembers(), old.pending());
        return store == Store.JSON
                ? new Turn(schema, wanted, present, database, stores)
                : new Turn(schema, wanted, json, present, stores);
    }

    /** 1 + the highest epoch in either ledger. */
    long nextEpoch() {
        return 1
                + Math.max(
                        entry(Store.JSON).map(LedgerEntry::epoch).orElse(0L),
                        entry(Store.POSTGRESQL).map(LedgerEntry::epoch).orElse(0L));
    }

    /**
     * Replaces an entry by compare-and-set and returns the new one.
     *
     * @throws LostRaceException if it is another one by now
     */
    LedgerEntry set(Store store, @Nullable LedgerEntry expected, LedgerEntry next, String reason) {
        if (!store(store).ledger().compareAndSet(schema, expected, next, reason + " (start in " + wanted + ")")) {
            throw new LostRaceException(store.label() + "'s ledger changed meanwhile");
        }
        return next;
    }
}
