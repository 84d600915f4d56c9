package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.guard.Content;
import dev.switchover.dualwrite.guard.Forks;
import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.DifferenceSink;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.IdType;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Rules 9 and 10: the first contact of two stores, a store that joins, and what follows a forced start. */
final class Contact {

    /** How far ids and versions skip ahead in a forced start: the store that is lost may have issued more. */
    private static final long FORCE_GAP = 10_000;

    private final Reconciler reconciler;
    private final AsideFiles aside;
    private final Duration deadline;
    private final StartLog log;

    Contact(Reconciler reconciler, AsideFiles aside, Duration deadline, StartLog log) {
        this.reconciler = reconciler;
        this.aside = aside;
        this.deadline = deadline;
        this.log = log;
    }

    /**
     * The authority's entry is written first and unconfirmed, then the mirror's, then the confirmation: of two that do this at
     * once, one loses a compare-and-set, and whatever a crash leaves begins again. Each attempt is of a lineage of its own: the
     * entry of an earlier one, written again, would look untouched to the other, and both would make mirrors of both stores.
     */
    void first(Turn turn, Store authority, Content content) {
        Store other = authority.other();
        UUID lineage = UUID.randomUUID();
        log.step(turn.collection(), "first contact, " + authority.label() + " is the authority");
        if (!turn.present(other)) {
            turn.set(
                    authority,
                    turn.stored(authority),
                    Entries.firstUnconfirmed(lineage).confirm(),
                    "adopted alone");
            return;
        }
        requireKnown(turn, authority, content);
        LedgerEntry active = turn.set(authority, turn.stored(authority), Entries.firstUnconfirmed(lineage), "adopted");
        Position seen = turn.store(authority).ledger().remember(turn.schema());
        turn.set(
                other,
                turn.stored(other),
                Entries.following(active, State.MIRROR, 0, datedBy(content, seen)),
                "joined " + authority.label() + " at first contact");
        turn.set(authority, active, active.confirm(), "confirmed");
    }

    /** A store without a ledger becomes a mirror. */
    void join(Turn turn, Store mirror, Content content) {
        Store authority = mirror.other();
        log.step(turn.collection(), mirror.label() + " joins as a mirror");
        requireKnown(turn, authority, content);
        LedgerEntry active = compareAgain(turn, authority, turn.required(authority));
        Position seen = turn.store(authority).ledger().remember(turn.schema());
        turn.set(
                mirror,
                turn.stored(mirror),
                Entries.following(active, State.MIRROR, 0, datedBy(content, seen)),
                "joined " + authority.label());
    }

    /** Only a mirror that was found equal is a copy; any other becomes one when it is compared. */
    private static Position datedBy(Content content, Position seen) {
        return content == Content.MUST_BE_EQUAL ? seen : seen.beforeAnyCopy();
    }

    /** The wanted store becomes the authority, whatever it is now. */
    void force(Turn turn, Store store, long epoch) {
        Store other = store.other();
        LedgerEntry base = turn.entry(store)
                .or(() -> turn.entry(other).map(entry -> entry.withSeen(Position.NONE)))
                .orElseThrow(() -> new IllegalStateException("nothing to force"));
        log.warn(turn.collection(), "forcing " + store.label() + " to be the authority at epoch " + epoch);
        LedgerEntry forced = base.with(State.ACTIVE, epoch)
                .confirm()
                .with(Mirroring.OFF)
                .withFork(Forks.append(base.fork(), token()));
        long version = Math.max(base.position().version(), base.seen().version());
        long highestId = base.highestId();
        Optional<LedgerEntry> beside = turn.entry(other);
        if (beside.isPresent()) {
            version = Math.max(version, beside.get().position().version());
            highestId = Math.max(highestId, beside.get().highestId());
        }
        boolean numbers = turn.schema().idType() == IdType.LONG;
        LedgerEntry next = forced.atLeast(version + FORCE_GAP, numbers ? highestId + FORCE_GAP : 0);
        LedgerEntry active = turn.set(store, turn.stored(store), next, "forced");
        turn.store(store).ledger().quiesce(turn.schema(), deadline);
        if (turn.present(other) && beside.isPresent()) {
            takeBack(turn, store, active, beside.get());
        }
    }

    void takeBack(Turn turn, Store forced) {
        takeBack(turn, forced, turn.required(forced), turn.required(forced.other()));
    }

    /** It keeps its fork until all is saved aside, so that a crash in between begins here again. */
    private void takeBack(Turn turn, Store forced, LedgerEntry active, LedgerEntry lost) {
        Store other = forced.other();
        log.warn(turn.collection(), other.label() + " was left behind by a forced start and is taken back");
        LedgerEntry sealed =
                turn.set(other, lost, lost.with(State.SEALED, lost.epoch()), "sealed by the forced " + forced.label());
        turn.store(other).ledger().quiesce(turn.schema(), deadline);
        saveAside(turn, forced, "only in, or other in, " + other.label() + " when " + forced.label() + " was forced");
        LedgerEntry last = turn.store(other).ledger().read(turn.schema()).orElse(sealed);
        LedgerEntry raised = turn.set(
                forced,
                active,
                active.with(active.mirroring() == Mirroring.ON ? Mirroring.SYNCING : active.mirroring())
                        .atLeast(last),
                "took " + other.label() + " back");
        Position seen = turn.store(forced).ledger().remember(turn.schema());
        turn.set(
                other,
                sealed,
                Entries.following(raised, State.HANDED_OVER, sealed.term(), seen.beforeAnyCopy()),
                "handed over to the forced " + forced.label());
    }

    /** Before a mirror's content is unknown, the authority no longer says that all differences are pending. */
    private static LedgerEntry compareAgain(Turn turn, Store authority, LedgerEntry active) {
        return active.mirroring() == Mirroring.ON
                ? turn.set(authority, active, active.with(Mirroring.SYNCING), "the mirror has to be compared")
                : active;
    }

    private void requireKnown(Turn turn, Store authority, Content content) {
        switch (content) {
            case NONE -> {}
            case SAVED_ASIDE ->
                saveAside(turn, authority, "in " + authority.other().label() + " before it joined");
            case MUST_BE_EQUAL -> requireEqual(turn, authority);
        }
    }

    private void requireEqual(Turn turn, Store authority) {
        Store other = authority.other();
        log.step(turn.collection(), "comparing " + authority.label() + " with " + other.label());
        Counts counts =
                reconciler.compare(turn.store(authority), turn.store(other), turn.schema(), difference -> {}, log);
        if (counts.different() > 0) {
            throw Foresight.unknownContent(turn.collection(), authority, counts.toString());
        }
    }

    private void saveAside(Turn turn, Store authority, String reason) {
        Store other = authority.other();
        try (AsideFiles.Aside file = aside.open(turn.schema(), reason)) {
            reconciler.compare(turn.store(authority), turn.store(other), turn.schema(), drift(file), log);
            file.force();
            if (file.records() > 0) {
                log.warn(
                        turn.collection(),
                        file.records() + " records only " + other.label() + " has, or has otherwise, are saved in "
                                + file.where());
            }
        }
    }

    private static DifferenceSink drift(AsideFiles.Aside file) {
        return (Difference difference) -> {
            if (difference.kind().isDrift()) {
                file.accept(difference);
            }
        };
    }

    private static String token() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
