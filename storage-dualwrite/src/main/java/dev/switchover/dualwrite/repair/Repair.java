package dev.switchover.dualwrite.repair;

import dev.switchover.dualwrite.reconcile.Difference.Kind;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.SavedAside;
import dev.switchover.dualwrite.reconcile.Verification.Why;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.dualwrite.verify.Verify;
import dev.switchover.dualwrite.view.Authority;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Shown;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs a mirror by the one path that leads to it: ids that drifted become pending in the primary, and the mirror worker carries
 * over what the primary has. What the mirror has of them is saved aside, durably, before that. Thread-safe.
 */
public final class Repair {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.repair");

    private static final int MARKED_AT_ONCE = 500;
    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final Reports reports;
    private final Clock clock;
    private final Verify verify;

    /** @param directory the JSON store's; what is overwritten is saved in it */
    public Repair(Path directory, Reports reports, Clock clock) {
        this.directory = directory;
        this.reports = reports;
        this.clock = clock;
        this.verify = new Verify(reports, clock);
    }

    /**
     * What is to be repaired.
     *
     * @param deleteExtra whether what only the mirror has is deleted there; it stays otherwise
     * @param only these ids, the empty one for the envelope; every one that drifted if there is none
     */
    public record Wish(boolean deleteExtra, Set<String> only) {

        public static final Wish NOTHING_DELETED = new Wish(false, Set.of());

        public Wish {
            only = Set.copyOf(only);
        }

        private boolean includes(Finding finding) {
            return finding.why() == Why.DRIFT && (only.isEmpty() || only.contains(finding.id()));
        }
    }

    /** What a repair would do: compares everything, changes nothing. */
    public RepairReport plan(
            StoreView json, StoreView postgresql, CollectionSchema<?, ?> schema, Wish wish, Progress progress) {
        Work work = new Work(schema, wish);
        VerificationReport found = verify.run(json, postgresql, schema, progress, work::count);
        return work.report(found, false, refusal(found), false, found.drift());
    }

    /**
     * Does it.
     *
     * @param awaitInSync waits until the mirror has everything, bounded; false if it does not
     * @throws StoreUnavailableException if a store does not answer, or nothing can be saved aside; what was marked until then
     *     stays pending
     */
    public RepairReport run(
            RecordStore json,
            RecordStore postgresql,
            CollectionSchema<?, ?> schema,
            Wish wish,
            Progress progress,
            BooleanSupplier awaitInSync) {
        LedgerEntry inJson = json.ledger().read(schema).orElse(null);
        LedgerEntry inDatabase = postgresql.ledger().read(schema).orElse(null);
        RecordStore primary = Authority.of(inJson, inDatabase, Store.JSON) == Store.JSON ? json : postgresql;
        RecordStore mirror = primary == json ? postgresql : json;
        Work work = new Work(schema, wish);
        try (SavedAside aside = new SavedAside(directory, schema, "overwritten by a repair", clock)) {
            work.carryOver(primary, mirror, aside);
            VerificationReport found =
                    verify.run(StoreView.of(json), StoreView.of(postgresql), schema, progress, work::take);
            String refusal = refusal(found);
            if (refusal != null) {
                return work.report(found, true, refusal, false, -1);
            }
            work.flush();
            boolean inStep = awaitInSync.getAsBoolean();
            // What is kept of it is what there is now, not what there was.
            long left = verify.run(StoreView.of(json), StoreView.of(postgresql), schema, progress, finding -> {})
                    .drift();
            RepairReport report = work.report(found, true, null, inStep, left);
            LOG.atInfo()
                    .addKeyValue("collection", report.collection())
                    .addKeyValue("repaired", report.repaired())
                    .log("Repaired {}", report);
            reports.add(new Report(Report.REPAIR, schema.name(), report.at(), report.toJson()));
            return report;
        }
    }

    private static @Nullable String refusal(VerificationReport found) {
        if (found.mirroring() == Mirroring.ON) {
            return null;
        }
        return found.mirroring() == Mirroring.SYNCING
                ? "COMPARING: the mirror worker is comparing everything already; what differs becomes pending by itself"
                : "NO-MIRROR: nothing is mirrored in this phase, so the other store is older, not wrong; an export brings JSON"
                        + " up to date, a start with dual write on either";
    }

    /** One repair. Used by one thread. */
    private final class Work {

        private final CollectionSchema<?, ?> schema;
        private final Wish wish;
        private final Map<RecordId, Kind> batch = new LinkedHashMap<>();
        private @Nullable RecordStore primary;
        private @Nullable RecordStore mirror;
        private @Nullable SavedAside aside;
        private long repaired;
        private long deleted;
        private long leftExtra;
        private long leftUnreadable;

        Work(CollectionSchema<?, ?> schema, Wish wish) {
            this.schema = schema;
            this.wish = wish;
        }

        void carryOver(RecordStore from, RecordStore to, SavedAside file) {
            primary = from;
            mirror = to;
            aside = file;
        }

        /** @return whether it is to be carried over */
        private boolean count(Finding finding) {
            if (!wish.includes(finding)) {
                return false;
            }
            if (finding.kind() == Kind.UNREADABLE) {
                leftUnreadable++;
                return false;
            }
            if (finding.kind() == Kind.EXTRA && !wish.deleteExtra()) {
                leftExtra++;
                return false;
            }
            if (finding.kind() == Kind.EXTRA) {
                deleted++;
            }
            repaired++;
            return true;
        }

        void take(Finding finding) {
            if (count(finding)) {
                batch.put(schema.parseIdOrEnvelope(finding.id()), finding.kind());
                if (batch.size() >= MARKED_AT_ONCE) {
                    flush();
                }
            }
        }

        /** Saved, forced, marked: in this order. */
        void flush() {
            RecordStore right = primary;
            RecordStore held = mirror;
            SavedAside file = aside;
            if (batch.isEmpty() || right == null || held == null || file == null) {
                return;
            }
            List<RecordId> saved = new ArrayList<>();
            batch.forEach((id, kind) -> {
                try {
                    held.find(schema, id).ifPresent(file::save);
                    saved.add(id);
                } catch (InvalidRecordException e) {
                    leave(kind);
                    LOG.warn(
                            "What {} has of {} cannot be saved aside, and is left: {}",
                            held.store(),
                            id,
                            Shown.text(e.reason()));
                }
            });
            file.force();
            mark(right, saved);
            batch.clear();
        }

        /** It was counted as one to be carried over. */
        private void leave(Kind kind) {
            repaired--;
            deleted -= kind == Kind.EXTRA ? 1 : 0;
            leftUnreadable++;
        }

        private void mark(RecordStore store, List<RecordId> ids) {
            for (int attempt = 1; ; attempt++) {
                LedgerEntry entry = store.ledger()
                        .read(schema)
                        .filter(found -> found.serves() && found.mirroring() != Mirroring.OFF)
                        .orElseThrow(() -> new StoreUnavailableException(
                                store.store(),
                                store.store().label() + " no longer records what is pending; verify, and repair again",
                                null));
                try {
                    store.pending().mark(schema, new Fence(entry.epoch(), entry.term()), ids);
                    return;
                } catch (FencedException e) {
                    // A mirror worker has begun a new term in between.
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }

        RepairReport report(
                VerificationReport found, boolean done, @Nullable String refusal, boolean inStep, long drift) {
            SavedAside file = aside;
            boolean refused = refusal != null;
            return new RepairReport(
                    clock.instant(),
                    schema.name(),
                    found.primary(),
                    done && !refused,
                    refusal,
                    refused ? 0 : repaired,
                    refused ? 0 : deleted,
                    refused ? 0 : leftExtra,
                    refused ? 0 : leftUnreadable,
                    file == null ? 0 : file.records(),
                    file == null ? null : file.file().map(Path::toString).orElse(null),
                    inStep,
                    drift,
                    done ? null : found);
        }
    }
}
