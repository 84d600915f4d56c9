package dev.switchover.cli;

import dev.switchover.cli.ProgressDisplay.Numbers;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.LedgerStatus;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status for people. Pure. */
final class StatusText {

    private StatusText() {}

    /** Whether somebody should look at it soon; what a store that is away means, its health says. */
    static boolean needsAttention(CollectionStatus collection) {
        boolean known = collection.json() != null || collection.postgresql() != null;
        boolean drift = collection.lastVerification() != null
                && collection.lastVerification().drift() > 0;
        return collection.parked() > 0
                || drift
                || (known && !collection.serving())
                || !collection.copyProblems().isEmpty();
    }

    static List<String> lines(StorageStatus status) {
        List<String> lines = new ArrayList<>();
        for (StorageStatus.StoreHealth store : status.stores()) {
            String where = store.store() == Store.JSON ? status.directory() : status.database();
            lines.add(String.format(
                    Locale.ROOT,
                    "%-11s %-14s %s%s",
                    store.store().label(),
                    Words.of(store.health()),
                    where == null ? "" : where,
                    store.detail() == null ? "" : " (" + store.detail() + ")"));
        }
        for (CollectionStatus collection : status.collections()) {
            lines.add("");
            lines.addAll(lines(collection, status.time()));
        }
        return lines;
    }

    private static List<String> lines(CollectionStatus collection, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(collection.name() + ": " + collection.phase() + ", primary "
                + collection.primary().label() + (collection.serving() ? "" : ", not serving"));
        collection.flags().forEach(flag -> lines.add("  flag      " + flag));
        lines.add("  records   JSON " + count(collection.records().json()) + ", PostgreSQL "
                + count(collection.records().postgresql()));
        lines.add("  pending   " + count(collection.pending())
                + (collection.oldestPending() == null
                        ? ""
                        : ", the oldest since " + ago(collection.oldestPending(), now)));
        if (collection.parked() != 0) {
            lines.add("  parked    " + count(collection.parked())
                    + (collection.parked() > 0 ? ": see 'parked list'" : ""));
        }
        lines.add("  ledger    JSON " + ledger(collection.json()) + "; PostgreSQL " + ledger(collection.postgresql()));
        lineages(collection).ifPresent(lines::add);
        StorageStatus.LastVerification verified = collection.lastVerification();
        if (verified != null) {
            lines.add("  verified  " + ago(verified.at(), now) + ": " + count(verified.compared()) + " compared, "
                    + count(verified.drift()) + " drifted");
        }
        add(lines, "  repaired  ", collection.lastRepair(), now);
        add(lines, "  exported  ", collection.lastExport(), now);
        add(lines, "  backup    ", collection.lastBackup(), now);
        add(lines, "  stale as of ", collection.staleAsOf(), now);
        collection.copyProblems().forEach(problem -> lines.add("  copy      " + problem));
        if (collection.note() != null) {
            lines.add("  note      " + collection.note());
        }
        return lines;
    }

    /** Of two data sets: one of the stores is the wrong one. */
    private static Optional<String> lineages(CollectionStatus collection) {
        LedgerStatus json = collection.json();
        LedgerStatus postgresql = collection.postgresql();
        return json == null || postgresql == null || json.lineage().equals(postgresql.lineage())
                ? Optional.empty()
                : Optional.of("  lineage   JSON " + json.lineage() + "; PostgreSQL " + postgresql.lineage());
    }

    private static void add(List<String> lines, String what, @Nullable Instant when, Instant now) {
        if (when != null) {
            lines.add(what + ago(when, now));
        }
    }

    private static String count(long number) {
        return number < 0 ? "unknown" : Numbers.of(number);
    }

    private static String ago(Instant when, Instant now) {
        Duration age = Duration.between(when, now);
        return when + (age.isNegative() ? "" : " (" + Numbers.of(age) + " ago)");
    }

    private static String ledger(@Nullable LedgerStatus ledger) {
        if (ledger == null) {
            return "none";
        }
        String state = Words.of(ledger.state()) + " at epoch " + ledger.epoch();
        if (ledger.state() != State.ACTIVE) {
            return state;
        }
        return state + (ledger.confirmed() ? "" : ", not confirmed") + ", mirroring " + Words.of(ledger.mirroring());
    }
}
