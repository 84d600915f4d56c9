package dev.switchover.dualwrite.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.guard.Observation.Present;
import dev.switchover.dualwrite.guard.Verdict.Refuse;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every combination of what can be seen of both stores: reachability, state, confirmed, epoch, lineage, fork, memory, data, in
 * every phase and with every permission. What must hold in all of them is one test each.
 */
class GuardTruthTableTest {

    private record Case(Phase wanted, Observation json, Observation database, GuardOptions options, Verdict verdict) {

        Observation of(Store store) {
            return store == Store.JSON ? json : database;
        }

        Optional<LedgerEntry> entry(Store store) {
            return of(store) instanceof Present present ? present.entry() : Optional.empty();
        }

        boolean present(Store store) {
            return of(store) instanceof Present;
        }
    }

    private static final List<GuardOptions> OPTIONS = List.of(
            GuardOptions.NONE,
            new GuardOptions(true, OptionalLong.empty(), Optional.empty()),
            new GuardOptions(false, OptionalLong.of(1003), Optional.empty()),
            new GuardOptions(false, OptionalLong.empty(), Optional.of(Store.JSON)),
            new GuardOptions(false, OptionalLong.empty(), Optional.of(Store.POSTGRESQL)));

    private static final List<Case> ALL = all();

    @Test
    void theTableIsLarge() {
        assertThat(ALL).hasSizeGreaterThan(400_000);
    }

    @Test
    void onlyTheWantedPrimaryServesAndOnlyActiveAndConfirmed() {
        forEach(
                Verdict.Serve.class,
                (c, serve) -> serve.authority() == c.wanted().primary()
                        && c.entry(serve.authority())
                                .filter(LedgerEntry::serves)
                                .isPresent());
    }

    @Test
    void noStoreServesBesideAnotherAuthorityOrALaterEpoch() {
        forEach(Verdict.Serve.class, (c, serve) -> {
            LedgerEntry own = c.entry(serve.authority()).orElseThrow();
            Optional<LedgerEntry> other = c.entry(serve.authority().other()).filter(e -> !Guard.provisional(e));
            return other.isEmpty()
                    || (other.get().state() != State.ACTIVE && other.get().epoch() <= own.epoch());
        });
    }

    @Test
    void noStoreServesThatLacksWhatTheOtherHasSeenOfIt() {
        forEach(
                Verdict.Serve.class,
                (c, serve) -> c.entry(serve.authority().other())
                                .filter(e -> !Guard.provisional(e))
                                .isEmpty()
                        || ((Present) c.of(serve.authority())).remembers());
    }

    @Test
    void noStoreServesBesideAnotherLineageOrFork() {
        forEach(Verdict.Serve.class, (c, serve) -> {
            LedgerEntry own = c.entry(serve.authority()).orElseThrow();
            Optional<LedgerEntry> other = c.entry(serve.authority().other()).filter(e -> !Guard.provisional(e));
            return other.isEmpty()
                    || (other.get().lineage().equals(own.lineage())
                            && other.get().fork().equals(own.fork()));
        });
    }

    @Test
    void theAuthorityIsChangedOnlyFromAStoreThatServesToTheWantedOne() {
        forEach(
                Verdict.ChangeAuthority.class,
                (c, change) -> change.to() == c.wanted().primary()
                        && change.from() == change.to().other()
                        && c.present(change.to())
                        && c.entry(change.from()).filter(LedgerEntry::serves).isPresent()
                        && ((Present) c.of(change.from())).remembers());
    }

    @Test
    void aSwitchoverIsFinishedOnlyIntoTheWantedStoreOutOfOneThatWasTheAuthority() {
        forEach(
                Verdict.Finish.class,
                (c, finish) -> finish.to() == c.wanted().primary()
                        && c.entry(finish.to()).isPresent()
                        && wasTheAuthority(c.entry(finish.to().other())));
    }

    @Test
    void onlyAStoreThatWasTheAuthorityIsReopenedAndOnlyIfItIsWanted() {
        forEach(
                Verdict.Reopen.class,
                (c, reopen) -> reopen.store() == c.wanted().primary()
                        && c.entry(reopen.store().other()).isPresent()
                        && wasTheAuthority(c.entry(reopen.store()))
                        && ((Present) c.of(reopen.store())).remembers());
    }

    @Test
    void onlyAnActiveStoreIsConfirmedBesideOneThatIsNot() {
        forEach(
                Verdict.Confirm.class,
                (c, confirm) -> c.entry(confirm.authority())
                                .filter(e -> e.state() == State.ACTIVE && !e.confirmed())
                                .isPresent()
                        && c.entry(confirm.authority().other())
                                .filter(e -> e.state() != State.ACTIVE)
                                .isPresent());
    }

    @Test
    void onlyAForcedStoreTakesBackAndOnlyAnOlderHistory() {
        forEach(Verdict.TakeBack.class, (c, back) -> {
            LedgerEntry forced = c.entry(back.forced()).orElseThrow();
            LedgerEntry lost = c.entry(back.forced().other()).orElseThrow();
            return forced.serves()
                    && forced.epoch() > lost.epoch()
                    && Forks.descends(forced.fork(), lost.fork())
                    && forced.lineage().equals(lost.lineage());
        });
    }

    @Test
    void recordsNobodyKnowsAreNeverOverwrittenUnseen() {
        forEach(
                Verdict.Join.class,
                (c, join) -> join.content() != Content.NONE || !((Present) c.of(join.mirror())).hasRecords());
        forEach(
                Verdict.FirstContact.class,
                (c, contact) -> contact.other() != Content.NONE
                        || !(c.of(contact.authority().other()) instanceof Present other && other.hasRecords()));
    }

    @Test
    void nothingIsForcedWithoutTheOperator() {
        forEach(
                Verdict.Force.class,
                (c, force) ->
                        c.options().force().isPresent() || c.options().adopt().equals(Optional.of(force.store())));
        forEach(Verdict.ServeStale.class, (c, stale) -> c.options().startStale());
    }

    @Test
    void aForcedEpochIsAboveEverythingSeenAndItsStoreCanBeWritten() {
        forEach(
                Verdict.Force.class,
                (c, force) -> c.present(force.store())
                        && List.of(Store.values()).stream()
                                .allMatch(store ->
                                        c.entry(store).map(LedgerEntry::epoch).orElse(0L) < force.epoch()));
    }

    @Test
    void differentDataSetsAreNeverBroughtTogether() {
        for (Case c : ALL) {
            Optional<LedgerEntry> json = c.entry(Store.JSON).filter(e -> !Guard.provisional(e));
            Optional<LedgerEntry> database = c.entry(Store.POSTGRESQL).filter(e -> !Guard.provisional(e));
            if (json.isPresent()
                    && database.isPresent()
                    && !json.get().lineage().equals(database.get().lineage())) {
                assertThat(c.verdict()).as("%s", c).isInstanceOf(Refuse.class);
            }
        }
    }

    @Test
    void everyRefusalHasFactsAndNamesAWayOut() {
        Set<String> wayOut = Set.of("SWITCHOVER_", "DATABASE_URL", "directory", "Bring it back");
        forEach(
                Refuse.class,
                (c, refuse) -> refuse.code().matches("[A-Z]+(-[A-Z]+)+|FORKED")
                        && !refuse.facts().isEmpty()
                        && wayOut.stream().anyMatch(refuse.remedy()::contains));
    }

    @Test
    void whatTheProtocolLeavesBehindIsNeverRefused() {
        List<String[]> pairs = List.of(
                new String[] {"active 3", "mirror 3"},
                new String[] {"active 3", "handed 3"},
                new String[] {"sealed 4", "mirror 3"},
                new String[] {"sealed 4", "handed 3"},
                new String[] {"sealed 4", "receiving 4"},
                new String[] {"sealed 4", "receiving 5"},
                new String[] {"sealed 5", "receiving 5"},
                new String[] {"sealed 4", "unconfirmed 4"},
                new String[] {"handed 4", "unconfirmed 4"},
                new String[] {"receiving 5", "unconfirmed 5"},
                new String[] {"active 5", "receiving 6"});
        for (Phase wanted : Phase.values()) {
            for (String[] pair : pairs) {
                Verdict verdict = Guard.decide(wanted, Seen.of(pair[0]), Seen.of(pair[1]), GuardOptions.NONE);
                Verdict turned = Guard.decide(wanted, Seen.of(pair[1]), Seen.of(pair[0]), GuardOptions.NONE);
                assertThat(List.of(verdict, turned))
                        .as("%s %s", wanted, String.join(" / ", pair))
                        .noneMatch(Refuse.class::isInstance);
            }
        }
    }

    private static boolean wasTheAuthority(Optional<LedgerEntry> entry) {
        return entry.filter(e -> e.state() == State.SEALED || e.state() == State.ACTIVE)
                .isPresent();
    }

    private interface Rule<V extends Verdict> {
        boolean holds(Case c, V verdict);
    }

    private static <V extends Verdict> void forEach(Class<V> kind, Rule<V> rule) {
        int count = 0;
        for (Case c : ALL) {
            if (kind.isInstance(c.verdict())) {
                count++;
                if (!rule.holds(c, kind.cast(c.verdict()))) {
                    throw new AssertionError(c.toString());
                }
            }
        }
        assertThat(count).as("cases of %s", kind.getSimpleName()).isPositive();
    }

    private static List<Case> all() {
        List<Observation> observations = observations();
        List<Case> cases = new ArrayList<>();
        for (Phase wanted : Phase.values()) {
            for (Observation json : observations) {
                for (Observation database : observations) {
                    for (GuardOptions options : OPTIONS) {
                        cases.add(new Case(
                                wanted, json, database, options, Guard.decide(wanted, json, database, options)));
                    }
                }
            }
        }
        return cases;
    }

    private static List<Observation> observations() {
        List<Observation> all = new ArrayList<>(List.of(
                Seen.UNREACHABLE,
                Seen.LOCKED,
                Seen.NOT_CONFIGURED,
                Seen.present(null, false, true),
                Seen.present(null, true, true)));
        for (String state : List.of("active", "unconfirmed", "sealed", "receiving", "handed", "mirror")) {
            for (String epoch : List.of("1", "2", "3")) {
                for (String fork : List.of("", "/a", "/a.b", "/c")) {
                    for (boolean remembers : new boolean[] {true, false}) {
                        all.add(Seen.present(Seen.entry(state + " " + epoch + fork), true, remembers));
                    }
                }
                all.add(Seen.present(Seen.entry("!" + state + " " + epoch), true, true));
            }
        }
        return all;
    }
}
