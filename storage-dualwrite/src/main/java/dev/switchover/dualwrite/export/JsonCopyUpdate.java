package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.switchover.Entries;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordSnapshot;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JSON store, which is no authority and follows nobody at present, equal to a snapshot of PostgreSQL, in one step for all
 * collections. The directory's lock is ours, so no mirror worker does the same. Used once, by one thread.
 */
final class JsonCopyUpdate {

    private final HeldStorage storage;
    private final JsonStore json;
    private final PostgresStore postgres;
    private final Reconciler reconciler;

    /** What is known of one collection before it is copied. */
    private record Plan(LedgerEntry database, @Nullable LedgerEntry inJson, Position noted) {}

    JsonCopyUpdate(HeldStorage storage, Reconciler reconciler) {
        this.storage = storage;
        this.json = storage.json();
        PostgresStore known = storage.postgres();
        if (known == null) {
            throw new IllegalArgumentException("a copy of nothing");
        }
        this.postgres = known;
        this.reconciler = reconciler;
    }

    /** @return the moment the copy is of */
    Instant run(List<CollectionSchema<?, ?>> schemas, RequestProgress progress) {
        postgres.prepare();
        Map<CollectionSchema<?, ?>, Plan> plans = new LinkedHashMap<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            plans.put(schema, plan(schema));
        }
        Instant time = storage.clock().instant();
        try (RecordSnapshot snapshot = postgres.snapshot(schemas)) {
            // Asked again with the snapshot open: what is copied must not be older than what was looked at before.
            plans.forEach((schema, plan) -> requireOnward(schema, plan.inJson()));
            List<MirrorChange> changes = new ArrayList<>();
            for (CollectionSchema<?, ?> schema : schemas) {
                gather(snapshot, schema, plans.get(schema), changes, progress);
            }
            plans.forEach(this::follow);
            apply(plans, changes);
            plans.forEach((schema, plan) ->
                    json.ledger().noteSeen(schema, fence(schema), plan.noted().at(time)));
            for (CollectionSchema<?, ?> schema : schemas) {
                verify(snapshot, schema, progress);
            }
        }
        return time;
    }

    private Plan plan(CollectionSchema<?, ?> schema) {
        LedgerEntry database = postgres.ledger().read(schema).orElse(null);
        if (database == null || !database.serves()) {
            throw refused("PostgreSQL is not the authority of " + schema.name() + " ("
                    + (database == null ? "it has no ledger entry" : "its ledger says " + database.state())
                    + "), so there is nothing to export from there; start the service, and let the guard settle it");
        }
        LedgerEntry inJson = json.ledger().read(schema).orElse(null);
        if (inJson != null) {
            requireBelongsTo(schema, inJson, database);
        }
        requireOnward(schema, inJson);
        return new Plan(database, inJson, postgres.ledger().remember(schema));
    }

    private static void requireBelongsTo(CollectionSchema<?, ?> schema, LedgerEntry inJson, LedgerEntry database) {
        boolean follows = inJson.state() == State.MIRROR || inJson.state() == State.HANDED_OVER;
        boolean sameHistory = inJson.lineage().equals(database.lineage())
                && inJson.fork().equals(database.fork())
                && inJson.epoch() <= database.epoch();
        if (!follows || !sameHistory) {
            throw refused(
                    "JSON's ledger says " + inJson.state() + " at epoch " + inJson.epoch() + " of " + schema.name()
                            + ", PostgreSQL's " + database.state() + " at epoch " + database.epoch()
                            + (sameHistory ? "" : ", and the two are not of one history")
                            + "; nothing was overwritten. Start the service, and let the guard settle it");
        }
    }

    /** JSON may be all that is left of what a database put back to an older copy has lost. */
    private void requireOnward(CollectionSchema<?, ?> schema, @Nullable LedgerEntry inJson) {
        if (inJson == null) {
            return;
        }
        LedgerEntry database = postgres.ledger().read(schema).orElse(null);
        boolean remembers = postgres.ledger().remembers(schema, inJson.seen().token());
        if (database == null || Histories.wentBack(database.position(), remembers, inJson.seen())) {
            throw refused("PostgreSQL went back in time: it lacks what JSON's ledger has noted of " + schema.name()
                    + ". Nothing was overwritten; see WENT-BACK-IN-TIME in the list of refusals");
        }
    }

    private void gather(
            RecordSnapshot snapshot,
            CollectionSchema<?, ?> schema,
            @Nullable Plan plan,
            List<MirrorChange> changes,
            RequestProgress progress) {
        boolean unknown = plan == null || plan.inJson() == null;
        try (SavedAside aside = new SavedAside(
                storage.directory(), schema, "in JSON, which had no ledger, before an export", storage.clock())) {
            reconciler.compare(
                    snapshot,
                    Store.POSTGRESQL,
                    json,
                    schema,
                    difference -> {
                        if (unknown && difference.kind().isDrift()) {
                            aside.accept(difference);
                        }
                        changes.add(difference.change(schema));
                    },
                    told(progress, "comparing "));
            aside.force();
        }
    }

    private void follow(CollectionSchema<?, ?> schema, Plan plan) {
        LedgerEntry old = plan.inJson();
        LedgerEntry database = plan.database();
        boolean followed = old != null && old.state() == State.MIRROR && old.epoch() == database.epoch();
        if (followed) {
            return;
        }
        // What was seen of the database stays noted until the copy is complete: the time in it is the copy's.
        LedgerEntry next = Entries.following(
                database, State.MIRROR, old == null ? 0 : old.term(), old == null ? Position.NONE : old.seen());
        if (!json.ledger().compareAndSet(schema, old, next, "a copy of PostgreSQL, by export")) {
            throw refused("JSON's ledger of " + schema.name() + " changed meanwhile; try again");
        }
    }

    private void apply(Map<CollectionSchema<?, ?>, Plan> plans, List<MirrorChange> changes) {
        Map<CollectionSchema<?, ?>, Fence> fences = new HashMap<>();
        Map<CollectionSchema<?, ?>, Long> highestIds = new HashMap<>();
        plans.forEach((schema, plan) -> {
            fences.put(schema, fence(schema));
            highestIds.put(schema, plan.database().highestId());
        });
        json.mirrorTarget().apply(fences, changes, highestIds);
        json.mirrorTarget().force(fences);
    }

    private Fence fence(CollectionSchema<?, ?> schema) {
        LedgerEntry entry = json.ledger().read(schema).orElseThrow();
        return new Fence(entry.epoch(), entry.term());
    }

    private void verify(RecordSnapshot snapshot, CollectionSchema<?, ?> schema, RequestProgress progress) {
        Counts counts = reconciler.compare(
                snapshot, Store.POSTGRESQL, json, schema, (Difference difference) -> {}, told(progress, "verifying "));
        if (counts.different() > 0) {
            throw refused("The copy of " + schema.name() + " differs from what was copied: " + counts
                    + "; the file was not taken for exported. Try again, and report it");
        }
    }

    private static Progress told(RequestProgress progress, String doing) {
        return step -> progress.at(step.done(), step.total(), doing + step.collection());
    }

    private static RequestFailedException refused(String message) {
        return new RequestFailedException("export", message);
    }
}
