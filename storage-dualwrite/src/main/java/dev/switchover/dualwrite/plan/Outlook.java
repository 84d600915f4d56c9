package dev.switchover.dualwrite.plan;

import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.reconcile.LostTail;
import dev.switchover.dualwrite.view.Authority;
import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the guard would see of both stores, seen without preparing them and beside whoever serves.
 *
 * @param authority by the ledgers; without any, the store a first contact would take
 * @param unknown which store could not be looked at, and why
 */
public record Outlook(
        Observation json, Observation database, Store authority, Map<Store, StoreView> views, List<String> unknown) {

    public static Outlook of(CollectionSchema<?, ?> schema, Phase wanted, StoreSight json, StoreSight database) {
        return new Look(schema).look(wanted, json, database);
    }

    /** Null if it cannot be looked at. */
    public @Nullable StoreView view(Store store) {
        return views.get(store);
    }

    /** Used once. */
    private static final class Look {

        private final CollectionSchema<?, ?> schema;
        private final Map<Store, StoreView> views = new EnumMap<>(Store.class);
        private final Map<Store, Observation> seen = new EnumMap<>(Store.class);
        private final Map<Store, Optional<LedgerEntry>> entries = new EnumMap<>(Store.class);
        private final List<String> unknown = new ArrayList<>();

        Look(CollectionSchema<?, ?> schema) {
            this.schema = schema;
        }

        Outlook look(Phase wanted, StoreSight json, StoreSight database) {
            sight(Store.JSON, json);
            sight(Store.POSTGRESQL, database);
            // The mirror's entry is read before its primary's, so that what is mirrored in between does not look lost.
            read(Store.JSON);
            read(Store.POSTGRESQL);
            if (authority(wanted) == Store.JSON) {
                read(Store.JSON);
            }
            observe(Store.JSON);
            observe(Store.POSTGRESQL);
            return new Outlook(
                    seen.getOrDefault(Store.JSON, new Observation.NotConfigured()),
                    seen.getOrDefault(Store.POSTGRESQL, new Observation.NotConfigured()),
                    authority(wanted),
                    views,
                    List.copyOf(unknown));
        }

        private Store authority(Phase wanted) {
            LedgerEntry inJson = entry(Store.JSON).orElse(null);
            LedgerEntry inDatabase = entry(Store.POSTGRESQL).orElse(null);
            boolean away = seen.values().stream().anyMatch(Observation.Unreachable.class::isInstance);
            // A store that serves nobody has handed over to the one that is away.
            Store otherwise = !away
                    ? Store.JSON
                    : inJson != null
                            ? Store.POSTGRESQL
                            : inDatabase != null ? Store.JSON : wanted.primary().other();
            return Authority.of(inJson, inDatabase, otherwise);
        }

        private Optional<LedgerEntry> entry(Store store) {
            return entries.getOrDefault(store, Optional.empty());
        }

        private void sight(Store store, StoreSight sight) {
            if (sight instanceof StoreSight.Seen is) {
                views.put(store, is.view());
            } else if (sight instanceof StoreSight.Away away) {
                lost(store, away.reason());
            } else if (sight instanceof StoreSight.Blank blank && !blank.hasRecords()) {
                views.put(store, StoreView.empty(store));
            } else if (sight instanceof StoreSight.Blank) {
                seen.put(store, new Observation.Present(Optional.empty(), true, true, PendingSummary.NONE));
                unknown.add(
                        store.label() + " has records and nothing of the library's beside them, so they are not read");
            } else {
                seen.put(store, new Observation.NotConfigured());
            }
        }

        private void read(Store store) {
            StoreView view = views.get(store);
            if (view == null) {
                return;
            }
            try {
                view.refresh();
                entries.put(store, view.entry(schema));
            } catch (StorageException e) {
                lost(store, String.valueOf(e.getMessage()));
            }
        }

        private void observe(Store store) {
            StoreView view = views.get(store);
            if (view == null) {
                return;
            }
            try {
                seen.put(
                        store,
                        new Observation.Present(
                                entry(store), view.hasRecords(schema), remembers(view), view.pending(schema)));
            } catch (StorageException e) {
                lost(store, String.valueOf(e.getMessage()));
            }
        }

        private boolean remembers(StoreView view) {
            Optional<LedgerEntry> own = entry(view.store());
            Optional<LedgerEntry> beside = entry(view.store().other());
            if (own.isEmpty() || beside.isEmpty()) {
                return true;
            }
            return view.remembers(schema, beside.get().seen().token()) && !lostItsTail(view, own.get(), beside.get());
        }

        private boolean lostItsTail(StoreView view, LedgerEntry own, LedgerEntry beside) {
            StoreView other = views.get(view.store().other());
            return other != null
                    && own.state() == State.ACTIVE
                    && LostTail.isPossible(own, beside)
                    && new LostTail(view, other, schema).find(own, beside).isPresent();
        }

        private void lost(Store store, String reason) {
            views.remove(store);
            entries.remove(store);
            seen.put(store, new Observation.Unreachable(reason));
            unknown.add(store.label() + " cannot be looked at, so what it holds is not known: " + reason);
        }
    }
}
