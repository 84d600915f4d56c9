package dev.switchover.dualwrite.guard;

import dev.switchover.dualwrite.guard.Observation.Locked;
import dev.switchover.dualwrite.guard.Observation.NotConfigured;
import dev.switchover.dualwrite.guard.Observation.Unreachable;
import dev.switchover.dualwrite.guard.Verdict.Refuse;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Every refusal of the guard: its stable code, the facts, the remedy. */
final class Refusals {

    /** How far a forced epoch jumps: the store that is lost may have gone on, and must not be met again at its height. */
    private static final long FORCE_GAP = 1000;

    private Refusals() {}

    static long epochAbove(LedgerEntry... entries) {
        long highest = 0;
        for (LedgerEntry entry : entries) {
            highest = Math.max(highest, entry.epoch());
        }
        return highest + FORCE_GAP;
    }

    static Refuse locked(String holder, String why) {
        return plain(
                "DIRECTORY-LOCKED",
                List.of(why, holder),
                "SWITCHOVER_TAKE_OVER=true asks another process to hand it over.");
    }

    static Refuse notConfigured(Phase wanted) {
        return plain(
                "DATABASE-NOT-CONFIGURED",
                List.of(wanted + " needs a database"),
                "Set DATABASE_URL or DATABASE_URL_FILE.");
    }

    static Refuse retired(Phase wanted) {
        return plain(
                "JSON-RETIRED",
                List.of(wanted
                        + " needs JSON, which was retired: its files are in an archive, and PostgreSQL has everything"),
                "Start in DB_ONLY and export all collections into the directory; then JSON can follow or lead again.");
    }

    static Refuse jsonUnreadable(String reason) {
        return plain("JSON-UNREADABLE", List.of(reason), "Make the directory readable and writable, then start again.");
    }

    /** @param noCopy whether JSON has nothing to read from meanwhile */
    static Refuse databaseUnreachable(Phase wanted, String reason, boolean noCopy) {
        String away = "PostgreSQL is the primary in " + wanted + " and does not answer: " + reason;
        return noCopy
                ? plain(
                        "DATABASE-UNREACHABLE",
                        List.of(away, "JSON has no copy of it: it was never mirrored or exported into this directory"),
                        "Bring it back.")
                : plain(
                        "DATABASE-UNREACHABLE",
                        List.of(away),
                        "Bring it back, or set SWITCHOVER_START_STALE=true to serve stale reads from JSON until it is.");
    }

    static Refuse firstContactAlone(Store store, Observation other) {
        return plain(
                "FIRST-CONTACT-ALONE",
                List.of(store.label() + " has no ledger yet", unreachable(store.other(), other)),
                "A first start has to see that the other store belongs to nobody else. Bring it back"
                        + (store == Store.JSON ? ", or start in JSON_ONLY without DATABASE_URL first." : "."));
    }

    static Refuse unconfirmedAlone(Side side, Observation other) {
        return forcible(
                "UNCONFIRMED-ALONE",
                List.of(side.describe(), unreachable(side.store().other(), other)),
                "The last change of authority was not confirmed. " + bringBack(side),
                epochAbove(side.entry()));
    }

    static Refuse halfDoneAlone(Side side, Observation other) {
        return forcible(
                "HALF-DONE-ALONE",
                facts(side, unreachable(side.store().other(), other)),
                "A change of authority was begun and has to be finished with both stores. " + bringBack(side),
                epochAbove(side.entry()));
    }

    static Refuse notTheAuthority(Side side, Observation other) {
        return forcible(
                "AUTHORITY-UNREACHABLE",
                facts(
                        side,
                        unreachable(side.store().other(), other),
                        "last heard of it at " + side.entry().seen().time()),
                side.store().other().label() + " is the authority; what was written there since is missing here. "
                        + bringBack(side),
                epochAbove(side.entry()));
    }

    static Refuse ledgerMissing(Side known) {
        Store blank = known.store().other();
        String where = blank == Store.JSON
                ? "is this the right directory, and is its folder .switchover still there?"
                : "is DATABASE_URL right, and was its schema restored with its data?";
        return adoptable(
                "LEDGER-MISSING",
                facts(known, blank.label() + " has no ledger, but was or is to be the authority"),
                "Find the other store's ledger: " + where,
                epochAbove(known.entry()));
    }

    static Refuse rowsBesideAnEmptyDirectory() {
        return plain(
                "UNKNOWN-CONTENT",
                List.of("PostgreSQL has records and no ledger", "JSON has no file"),
                "Is this the right directory? Say which store is right: SWITCHOVER_ADOPT=database or SWITCHOVER_ADOPT=json.");
    }

    static Refuse lineageDiffers(Side own, Side other) {
        return plain(
                "LINEAGE-DIFFERS",
                List.of(
                        "JSON and PostgreSQL hold different data sets",
                        own.describe() + ", lineage " + own.entry().lineage(),
                        other.describe() + ", lineage " + other.entry().lineage()),
                "Correct DATABASE_URL or the directory. If one of the two is to be given up, move it away: the directory, or the"
                        + " database's tables and ledger.");
    }

    static Refuse forked(Side own, Side other) {
        return pair("FORKED", own, other, "Each was forced, or went on, without the other.");
    }

    static Refuse twoAuthorities(Side own, Side other) {
        return pair("TWO-AUTHORITIES", own, other, "One of them is an older copy, put back.");
    }

    static Refuse noAuthority(Side own, Side other) {
        return pair("NO-AUTHORITY", own, other, "At least one of them is an older copy, put back.");
    }

    static Refuse wentBack(Side back, Side witness) {
        List<String> facts = facts(
                back,
                witness.describe(),
                back.label() + " lacks what " + witness.label() + " has seen of it at version "
                        + witness.entry().seen().version() + ", "
                        + witness.entry().seen().time());
        return adoptable(
                "WENT-BACK-IN-TIME",
                facts,
                back.label() + " is an older copy of itself. Put the newer one back.",
                epochAbove(back.entry(), witness.entry()));
    }

    static Refuse behindItsMirror(Side back, Side mirror) {
        List<String> facts = facts(
                back,
                mirror.describe(),
                back.label() + " lacks versions that " + mirror.label() + " has applied as its mirror");
        return adoptable(
                "WENT-BACK-IN-TIME",
                facts,
                back.label() + " is an older copy of itself. Put the newer one back.",
                epochAbove(back.entry(), mirror.entry()));
    }

    static Refuse timeTravel(Side back, Side witness) {
        return adoptable(
                "EPOCH-WENT-BACK",
                facts(back, witness.describe(), back.label() + " missed a change of authority it took part in"),
                back.label() + " is an older copy of itself. Put the newer one back.",
                epochAbove(back.entry(), witness.entry()));
    }

    private static Refuse pair(String code, Side own, Side other, String cause) {
        return adoptable(code, facts(own, other.describe()), cause, epochAbove(own.entry(), other.entry()));
    }

    private static Refuse plain(String code, List<String> facts, String remedy) {
        return new Refuse(code, facts, remedy, OptionalLong.empty(), false);
    }

    private static Refuse forcible(String code, List<String> facts, String remedy, long epoch) {
        return new Refuse(
                code,
                facts,
                remedy + " If it is lost for good, start once with SWITCHOVER_FORCE=" + epoch
                        + ": the phase's own store becomes the authority as it is.",
                OptionalLong.of(epoch),
                false);
    }

    private static Refuse adoptable(String code, List<String> facts, String cause, long epoch) {
        return new Refuse(
                code,
                facts,
                cause + " Or name the store that is right: SWITCHOVER_ADOPT=json, SWITCHOVER_ADOPT=database, or"
                        + " SWITCHOVER_FORCE=" + epoch
                        + " for the phase's own; what only the other one has is saved aside.",
                OptionalLong.of(epoch),
                true);
    }

    private static List<String> facts(Side side, String... more) {
        List<String> facts = new ArrayList<>();
        facts.add(side.describe());
        facts.addAll(List.of(more));
        long pending = side.seen().pending().count() + side.seen().pending().parked();
        if (pending > 0) {
            facts.add(pending + " ids in " + side.label() + " had not reached "
                    + side.store().other().label());
        }
        return facts;
    }

    private static String bringBack(Side side) {
        return side.store() == Store.JSON
                ? "Make PostgreSQL reachable (DATABASE_URL)."
                : "Make the JSON directory available.";
    }

    private static String unreachable(Store store, Observation other) {
        if (other instanceof Unreachable gone) {
            return store.label() + " cannot be reached: " + gone.reason();
        }
        if (other instanceof Locked locked) {
            return store.label() + " cannot be opened: " + locked.holder();
        }
        return other instanceof NotConfigured ? store.label() + " is not configured" : store.label() + " has no ledger";
    }
}
