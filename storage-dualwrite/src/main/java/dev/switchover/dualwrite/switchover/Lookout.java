package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.reconcile.LostTail;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Ledger;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.State;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sees what there is of both stores. Used by one thread. */
final class Lookout {

    private final Map<Store, Attached> attached = new EnumMap<>(Store.class);
    private final Map<Store, RecordStore> open = new EnumMap<>(Store.class);
    private final Set<Store> prepared = EnumSet.noneOf(Store.class);

    Lookout(Attached json, Attached database) {
        attached.put(Store.JSON, json);
        attached.put(Store.POSTGRESQL, database);
        attached.forEach((store, how) -> {
            if (how instanceof Attached.Open is) {
                open.put(store, is.store());
            }
        });
    }

    Turn look(CollectionSchema<?, ?> schema, Phase wanted) {
        Map<Store, Observation> seen = new EnumMap<>(Store.class);
        Map<Store, Optional<LedgerEntry>> entries = new EnumMap<>(Store.class);
        for (Store store : Store.values()) {
            try {
                entries.put(store, read(store, schema, wanted));
            } catch (StoreUnavailableException e) {
                prepared.remove(store);
                seen.put(store, new Observation.Unreachable(reason(e)));
            }
        }
        for (Store store : Store.values()) {
            if (!seen.containsKey(store)) {
                seen.put(store, observe(store, schema, entries));
            }
        }
        return new Turn(
                schema,
                wanted,
                seen.getOrDefault(Store.JSON, new Observation.NotConfigured()),
                seen.getOrDefault(Store.POSTGRESQL, new Observation.NotConfigured()),
                open);
    }

    private Optional<LedgerEntry> read(Store store, CollectionSchema<?, ?> schema, Phase wanted) {
        RecordStore present = open.get(store);
        if (present == null) {
            return Optional.empty();
        }
        if (!prepared.contains(store)) {
            prepare(present, wanted);
            prepared.add(store);
        }
        return present.ledger().read(schema);
    }

    /** Tables that do not fit are no concern of a phase that does not use them. */
    private static void prepare(RecordStore store, Phase wanted) {
        try {
            store.prepare();
        } catch (StartRefusedException e) {
            if (wanted == Phase.JSON_ONLY && store.store() == Store.POSTGRESQL) {
                throw new StoreUnavailableException(store.store(), String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    private Observation observe(Store store, CollectionSchema<?, ?> schema, Map<Store, Optional<LedgerEntry>> entries) {
        Attached how = attached.getOrDefault(store, new Attached.NotConfigured());
        if (how instanceof Attached.Locked locked) {
            return new Observation.Locked(locked.holder());
        }
        if (how instanceof Attached.Unreachable gone) {
            return new Observation.Unreachable(gone.reason());
        }
        if (!(how instanceof Attached.Open is)) {
            return new Observation.NotConfigured();
        }
        Optional<LedgerEntry> entry = entries.getOrDefault(store, Optional.empty());
        Optional<LedgerEntry> beside = entries.getOrDefault(store.other(), Optional.empty());
        try {
            Ledger ledger = is.store().ledger();
            boolean remembers = entry.isEmpty()
                    || beside.isEmpty()
                    || (ledger.remembers(schema, beside.get().seen().token())
                            && !lostItsTail(is.store(), schema, entry.get(), beside.get()));
            return new Observation.Present(
                    entry,
                    is.store().hasRecords(schema),
                    remembers,
                    is.store().pending().summary(schema));
        } catch (StoreUnavailableException e) {
            prepared.remove(store);
            return new Observation.Unreachable(reason(e));
        }
    }

    private boolean lostItsTail(
            RecordStore store, CollectionSchema<?, ?> schema, LedgerEntry entry, LedgerEntry beside) {
        RecordStore other = open.get(store.store().other());
        return other != null
                && entry.state() == State.ACTIVE
                && LostTail.isPossible(entry, beside)
                && new LostTail(store, other, schema).find(entry, beside).isPresent();
    }

    private static String reason(StoreUnavailableException e) {
        return String.valueOf(e.getMessage());
    }
}
