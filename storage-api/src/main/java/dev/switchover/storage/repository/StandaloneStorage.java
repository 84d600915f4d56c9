package dev.switchover.storage.repository;

import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One store alone, without a router: it serves where its own ledger says that it is the authority. Where the ledger asks for
 * pending marks they go on being set, so that a mirror finds them when it comes back.
 */
public abstract class StandaloneStorage extends RecordStorage {

    private final RecordStore store;

    /**
     * Makes the store ready and takes it over: it is closed with this storage, and also if this fails.
     *
     * @throws StartRefusedException {@code NOT-THE-AUTHORITY} if another store is in charge of a collection
     * @throws dev.switchover.storage.StoreUnavailableException if the store does not answer
     */
    protected StandaloneStorage(RecordStore store) {
        super(store, store.schemas());
        this.store = store;
        boolean serving = false;
        try {
            store.prepare();
            for (CollectionSchema<?, ?> schema : store.schemas()) {
                LedgerEntry entry = entry(schema);
                if (!entry.serves()) {
                    throw notTheAuthority(schema, entry);
                }
                store.serve(schema, entry.epoch());
            }
            serving = true;
        } finally {
            if (!serving) {
                store.close();
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private LedgerEntry entry(CollectionSchema<?, ?> schema) {
        Ledger ledger = store.ledger();
        while (true) {
            Optional<LedgerEntry> present = ledger.read(schema);
            if (present.isPresent()) {
                return present.get();
            }
            LedgerEntry first = LedgerEntry.first(UUID.randomUUID(), ledger.remember(schema));
            // If somebody else was first, the next look finds that entry.
            ledger.compareAndSet(schema, null, first, "first contact, without a router");
        }
    }

    private StartRefusedException notTheAuthority(CollectionSchema<?, ?> schema, LedgerEntry entry) {
        String here = store.store().label();
        String there = store.store().other().label();
        return new StartRefusedException(
                "NOT-THE-AUTHORITY",
                List.of(
                        "the ledger in " + here + " says that it is not in charge of " + schema.name(),
                        "its entry is " + entry.state() + (entry.confirmed() ? "" : ", not confirmed") + ", epoch "
                                + entry.epoch()),
                "Start with both stores, so that " + here + " is brought up to date and takes over from " + there
                        + ", or use " + there + " instead",
                null);
    }
}
