package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Observation.Locked;
import dev.switchover.dualwrite.guard.Observation.NotConfigured;
import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Observation.Unreachable;
import dev.switchover.dualwrite.guard.Verdict.Force;
import dev.switchover.dualwrite.guard.Verdict.Refuse;
import dev.switchover.dualwrite.guard.Verdict.Serve;
import dev.switchover.dualwrite.guard.Verdict.ServeStale;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.util.Optional;

/** The switchover guard: from what is seen of both stores to what a start has to do. A pure function. */
public final class Guard {

    private Guard() {}

    /** The verdict for one collection. */
    public static Verdict decide(Phase wanted, Observation json, Observation database, GuardOptions options) {
        Verdict verdict = byTheRules(wanted, json, database, options);
        return verdict instanceof Refuse refuse ? byTheOperator(wanted, json, database, options, refuse) : verdict;
    }

    private static Verdict byTheRules(Phase wanted, Observation json, Observation database, GuardOptions options) {
        if (isRetired(database)) {
            if (wanted != Phase.DB_ONLY) {
                return Refusals.retired(wanted);
            }
            if (!hasLedger(json)) {
                // Nothing is made beside it: files that lie there are somebody's.
                return new Serve(Store.POSTGRESQL, false);
            }
        }
        Observation own = wanted.databasePhase() ? database : json;
        Observation other = wanted.databasePhase() ? json : database;
        if (own instanceof Present present) {
            return other instanceof Present otherPresent
                    ? both(wanted, present, otherPresent, options)
                    : LoneStore.decide(wanted, present, other);
        }
        if (own instanceof Locked locked) {
            return Refusals.locked(locked.holder(), "JSON is to be the primary");
        }
        if (own instanceof NotConfigured) {
            return Refusals.notConfigured(wanted);
        }
        String reason = ((Unreachable) own).reason();
        if (own == json) {
            return Refusals.jsonUnreadable(reason);
        }
        return options.startStale() && canAnswerStale(json)
                ? new ServeStale(reason)
                : Refusals.databaseUnreachable(wanted, reason, isNoCopy(json));
    }

    /** JSON was retired, and PostgreSQL has been the only store since. */
    private static boolean isRetired(Observation database) {
        return database instanceof Present present
                && present.entry()
                        .filter(entry -> entry.serves() && entry.seen().isRetired())
                        .isPresent();
    }

    private static boolean hasLedger(Observation json) {
        return json instanceof Present present && present.entry().isPresent();
    }

    private static boolean canAnswerStale(Observation json) {
        return json instanceof Locked || (json instanceof Present && !isNoCopy(json));
    }

    /** A directory that was never in contact with this database, or joined it and was given nothing since. */
    private static boolean isNoCopy(Observation json) {
        return json instanceof Present present
                && present.entry().filter(LedgerEntry::wasComplete).isEmpty();
    }

    private static Verdict both(Phase wanted, Present own, Present other, GuardOptions options) {
        Store store = wanted.primary();
        Optional<LedgerEntry> ownEntry = known(own, other);
        Optional<LedgerEntry> otherEntry = known(other, own);
        if (ownEntry.isPresent() && otherEntry.isPresent()) {
            return TwoLedgers.decide(
                    wanted, new Side(store, ownEntry.get(), own), new Side(store.other(), otherEntry.get(), other));
        }
        if (ownEntry.isPresent()) {
            return OneLedger.decide(wanted, new Side(store, ownEntry.get(), own), other, options);
        }
        if (otherEntry.isPresent()) {
            return OneLedger.decide(wanted, new Side(store.other(), otherEntry.get(), other), own, options);
        }
        return NoLedger.decide(wanted, own, other, options);
    }

    /**
     * The entry, unless it is left over from a first contact that never ended: nothing was ever served under it. Beside a mirror
     * of the same lineage that contact only lacks its confirmation.
     */
    private static Optional<LedgerEntry> known(Present store, Present beside) {
        return store.entry()
                .filter(entry -> !overtaken(entry, beside)
                        && (!provisional(entry)
                                || beside.entry()
                                        .filter(other -> !provisional(other) && sameLineage(other, entry))
                                        .isPresent()));
    }

    /**
     * A mirror that joined an attempt at first contact after the next attempt had begun: that store, which remembers having issued
     * the mirror's token, has replaced the entry the mirror follows, so that it was never confirmed, and never will be.
     */
    private static boolean overtaken(LedgerEntry mirror, Present authority) {
        return mirror.state() == State.MIRROR
                && mirror.epoch() == 1
                && mirror.fork().isEmpty()
                && !mirror.seen().token().isEmpty()
                && authority.remembers()
                && authority
                        .entry()
                        .filter(entry -> provisional(entry) && !sameLineage(entry, mirror))
                        .isPresent();
    }

    private static boolean sameLineage(LedgerEntry one, LedgerEntry other) {
        return one.lineage().equals(other.lineage());
    }

    static boolean provisional(LedgerEntry entry) {
        return entry.state() == State.ACTIVE
                && !entry.confirmed()
                && entry.epoch() == 1
                && entry.fork().isEmpty();
    }

    private static Verdict byTheOperator(
            Phase wanted, Observation json, Observation database, GuardOptions options, Refuse refuse) {
        if (refuse.force().isEmpty()) {
            return refuse;
        }
        long epoch = refuse.force().getAsLong();
        if (options.force().isPresent() && options.force().getAsLong() == epoch) {
            return new Force(wanted.primary(), epoch);
        }
        boolean bothCanBeWritten = json instanceof Present && database instanceof Present;
        if (refuse.adoptable() && bothCanBeWritten && options.adopt().isPresent()) {
            return new Force(options.adopt().get(), epoch);
        }
        return refuse;
    }
}
