package dev.switchover.dualwrite.guard;

import static dev.switchover.storage.Phase.DB_ONLY;
import static dev.switchover.storage.Phase.DB_PRIMARY;
import static dev.switchover.storage.Phase.JSON_ONLY;
import static dev.switchover.storage.Phase.JSON_PRIMARY;
import static dev.switchover.storage.Store.JSON;
import static dev.switchover.storage.Store.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.guard.Verdict.Refuse;
import dev.switchover.dualwrite.guard.Verdict.Serve;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.Position;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The cells of the truth table that matter most, each by name; the whole of it is in {@link GuardTruthTableTest}. */
class GuardTest {

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, not configured, FirstContact JSON NONE",
        "JSON_ONLY, empty, FirstContact JSON NONE",
        "JSON_PRIMARY, empty, FirstContact JSON NONE",
        "DB_PRIMARY, empty, FirstContact JSON NONE",
        "JSON_PRIMARY, files, FirstContact JSON MUST_BE_EQUAL",
        "DB_ONLY, files, FirstContact JSON MUST_BE_EQUAL",
        "JSON_PRIMARY, unreachable, FIRST-CONTACT-ALONE",
        "JSON_ONLY, unreachable, FIRST-CONTACT-ALONE",
    })
    void aDirectoryWithoutALedgerIsAdoptedOnlyBesideADatabaseThatIsNobodyElses(
            Phase wanted, String database, String expected) {
        assertThat(decide(wanted, "files", database)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, FirstContact JSON NONE",
        "JSON_PRIMARY, FirstContact JSON NONE",
        "DB_PRIMARY, FirstContact POSTGRESQL NONE",
        "DB_ONLY, FirstContact POSTGRESQL NONE",
    })
    void whereThereIsNothingTheWantedStoreBegins(Phase wanted, String expected) {
        assertThat(decide(wanted, "empty", "empty")).isEqualTo(expected);
    }

    @Test
    void rowsWithoutALedgerBesideAnEmptyDirectoryAreNotOverwrittenByNothing() {
        assertThat(decide(JSON_ONLY, "empty", "files")).isEqualTo("UNKNOWN-CONTENT");
        assertThat(decide(JSON_PRIMARY, "empty", "files", adopt(POSTGRESQL))).isEqualTo("FirstContact POSTGRESQL NONE");
        assertThat(decide(JSON_PRIMARY, "empty", "files", adopt(JSON))).isEqualTo("FirstContact JSON SAVED_ASIDE");
        assertThat(decide(DB_ONLY, "empty", "files")).isEqualTo("FirstContact POSTGRESQL NONE");
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_PRIMARY, active 1, empty, Join POSTGRESQL NONE",
        "JSON_PRIMARY, active 1, files, Join POSTGRESQL MUST_BE_EQUAL",
        "DB_PRIMARY, active 1, empty, Join POSTGRESQL NONE",
        "JSON_ONLY, active 1, files, Serve JSON",
        "DB_ONLY, empty, active 1, Join JSON NONE",
        "DB_PRIMARY, files, active 1, Join JSON SAVED_ASIDE",
        "JSON_ONLY, files, active 1, Join JSON MUST_BE_EQUAL",
        "JSON_ONLY, empty, active 1, Join JSON NONE",
    })
    void aStoreWithoutALedgerJoinsTheOneThatIsActive(Phase wanted, String json, String database, String expected) {
        assertThat(decide(wanted, json, database)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"mirror 1", "sealed 2", "receiving 2", "handed 2", "unconfirmed 2"})
    void aLedgerThatWasLostIsNotMadeAnew(String left) {
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, left, "empty")).isEqualTo("LEDGER-MISSING");
            assertThat(decide(wanted, "files", left)).isEqualTo("LEDGER-MISSING");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, active 3, mirror 3, Serve JSON",
        "JSON_PRIMARY, active 3, handed 3, Serve JSON",
        "DB_PRIMARY, active 3, handed 3, ChangeAuthority JSON POSTGRESQL",
        "DB_ONLY, active 3, mirror 3, ChangeAuthority JSON POSTGRESQL",
        "JSON_ONLY, handed 4, active 4, ChangeAuthority POSTGRESQL JSON",
        "JSON_PRIMARY, mirror 4, active 4, ChangeAuthority POSTGRESQL JSON",
        "DB_PRIMARY, mirror 4, active 4, Serve POSTGRESQL",
        "DB_ONLY, handed 4, active 4, Serve POSTGRESQL",
    })
    void theAuthorityServesOrIsChanged(Phase wanted, String json, String database, String expected) {
        assertThat(decide(wanted, json, database)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, sealed 4, mirror 3, Reopen JSON",
        "DB_ONLY, sealed 4, mirror 3, Finish POSTGRESQL",
        "JSON_PRIMARY, sealed 4, receiving 4, Reopen JSON",
        "DB_PRIMARY, sealed 4, receiving 4, Finish POSTGRESQL",
        "DB_PRIMARY, sealed 4, receiving 5, Finish POSTGRESQL",
        "JSON_ONLY, sealed 4, receiving 5, Reopen JSON",
        "JSON_ONLY, handed 3, sealed 4, Finish JSON",
        "DB_ONLY, handed 3, sealed 4, Reopen POSTGRESQL",
        "JSON_ONLY, receiving 3, sealed 4, Finish JSON",
    })
    void whatWasBegunIsFinishedOrReopened(Phase wanted, String json, String database, String expected) {
        assertThat(decide(wanted, json, database)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "sealed 4, unconfirmed 4, Confirm POSTGRESQL",
        "handed 4, unconfirmed 4, Confirm POSTGRESQL",
        "unconfirmed 4, receiving 4, Confirm JSON",
        "unconfirmed 4, handed 4, Confirm JSON",
        "unconfirmed 1, mirror 1, Confirm JSON",
    })
    void anActiveStoreIsConfirmedBeforeAnythingElse(String json, String database, String expected) {
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, json, database)).isEqualTo(expected);
        }
    }

    @Test
    void aFirstContactThatNeverEndedIsBegunAgain() {
        assertThat(decide(JSON_PRIMARY, "unconfirmed 1", "empty")).isEqualTo("FirstContact JSON NONE");
        assertThat(decide(JSON_ONLY, "unconfirmed 1", "not configured")).isEqualTo("FirstContact JSON NONE");
        assertThat(decide(JSON_ONLY, "unconfirmed 1", "unreachable")).isEqualTo("UNCONFIRMED-ALONE");
        assertThat(decide(DB_ONLY, "!unconfirmed 1", "active 3")).isEqualTo("Join JSON SAVED_ASIDE");
    }

    @ParameterizedTest
    @CsvSource({
        "unconfirmed 1, !mirror 1, FirstContact JSON MUST_BE_EQUAL",
        "unconfirmed 1 forgot, !mirror 1, LEDGER-MISSING",
        "unconfirmed 1, !mirror 2, LEDGER-MISSING",
        "unconfirmed 1, !mirror 1/a, LEDGER-MISSING",
        "unconfirmed 1, !handed 1, LEDGER-MISSING",
        "unconfirmed 2, !mirror 1, LINEAGE-DIFFERS",
        "active 1, !mirror 1, LINEAGE-DIFFERS",
        "receiving 1, !mirror 1, LINEAGE-DIFFERS",
        "empty, !mirror 1, LEDGER-MISSING",
    })
    void aMirrorOfAFirstContactThatAnotherOneOvertookIsNone(String one, String other, String expected) {
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, one, other)).isEqualTo(expected);
        }
    }

    @Test
    void aMirrorThatNotedNoTokenIsNeverTakenForNone() {
        LedgerEntry mirror = Seen.entry("!mirror 1").withSeen(Position.NONE);

        assertThat(decide(JSON_ONLY, Seen.of("unconfirmed 1"), Seen.present(mirror, true, true), GuardOptions.NONE))
                .isEqualTo("LEDGER-MISSING");
    }

    @Test
    void anAuthorityBehindWhatItsMirrorAppliedWentBack() {
        Observation further = Seen.present(Seen.entry("mirror 3").withCounters(Seen.position(11), 0), true, true);
        Observation asFar = Seen.present(Seen.entry("mirror 3").withCounters(Seen.position(10), 0), true, true);

        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, Seen.of("active 3"), further, GuardOptions.NONE))
                    .isEqualTo("WENT-BACK-IN-TIME");
            assertThat(decide(wanted, further, Seen.of("active 3"), GuardOptions.NONE))
                    .isEqualTo("WENT-BACK-IN-TIME");
        }
        assertThat(decide(JSON_ONLY, Seen.of("active 3"), asFar, GuardOptions.NONE))
                .isEqualTo("Serve JSON");
        assertThat(decide(JSON_ONLY, Seen.of("active 3"), further, adopt(POSTGRESQL)))
                .isEqualTo("Force POSTGRESQL 1003");
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, empty, JSON-RETIRED",
        "JSON_PRIMARY, files, JSON-RETIRED",
        "DB_PRIMARY, empty, JSON-RETIRED",
        "DB_ONLY, empty, Serve POSTGRESQL",
        "DB_ONLY, files, Serve POSTGRESQL",
        "DB_ONLY, mirror 3, Serve POSTGRESQL",
    })
    void onceJsonIsRetiredOnlyTheDatabaseServes(Phase wanted, String json, String expected) {
        LedgerEntry retired = Seen.entry("active 3").withSeen(Position.retired(Instant.EPOCH));

        assertThat(decide(wanted, Seen.of(json), Seen.present(retired, true, true), GuardOptions.NONE))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "JSON_ONLY, active 3, unreachable, Serve JSON",
        "JSON_PRIMARY, active 3, unreachable, Serve JSON",
        "JSON_ONLY, active 3, not configured, Serve JSON",
        "JSON_ONLY, unconfirmed 3, unreachable, UNCONFIRMED-ALONE",
        "JSON_ONLY, unconfirmed 3, not configured, UNCONFIRMED-ALONE",
        "JSON_ONLY, sealed 3, unreachable, HALF-DONE-ALONE",
        "JSON_ONLY, receiving 3, unreachable, HALF-DONE-ALONE",
        "JSON_ONLY, handed 3, unreachable, AUTHORITY-UNREACHABLE",
        "JSON_ONLY, mirror 3, not configured, AUTHORITY-UNREACHABLE",
        "DB_ONLY, unreachable, active 3, Serve POSTGRESQL",
        "DB_ONLY, unreachable, mirror 3, AUTHORITY-UNREACHABLE",
        "DB_PRIMARY, locked, active 3, Serve POSTGRESQL",
        "DB_PRIMARY, locked, mirror 3, DIRECTORY-LOCKED",
        "DB_PRIMARY, locked, unconfirmed 3, DIRECTORY-LOCKED",
        "DB_PRIMARY, locked, empty, DIRECTORY-LOCKED",
        "JSON_ONLY, locked, active 3, DIRECTORY-LOCKED",
        "JSON_PRIMARY, locked, unreachable, DIRECTORY-LOCKED",
        "JSON_PRIMARY, unreachable, active 3, JSON-UNREADABLE",
        "DB_PRIMARY, active 3, unreachable, DATABASE-UNREACHABLE",
        "DB_ONLY, handed 3, unreachable, DATABASE-UNREACHABLE",
    })
    void aStoreAloneServesOnlyIfItIsActiveAndConfirmed(Phase wanted, String json, String database, String expected) {
        assertThat(decide(wanted, json, database)).isEqualTo(expected);
    }

    @Test
    void aStaleStartNeedsBothThePermissionAndACopy() {
        GuardOptions stale = new GuardOptions(true, OptionalLong.empty(), Optional.empty());

        assertThat(decide(DB_ONLY, "handed 3", "unreachable", stale)).isEqualTo("ServeStale");
        assertThat(decide(DB_PRIMARY, "locked", "unreachable", stale)).isEqualTo("ServeStale");
        assertThat(decide(DB_PRIMARY, "empty", "unreachable", stale)).isEqualTo("DATABASE-UNREACHABLE");
        assertThat(decide(JSON_ONLY, "handed 3", "unreachable", stale)).isEqualTo("AUTHORITY-UNREACHABLE");
    }

    @ParameterizedTest
    @CsvSource({
        "active 3 forgot, mirror 3, WENT-BACK-IN-TIME",
        "sealed 4 forgot, receiving 4, WENT-BACK-IN-TIME",
        "active 3 forgot, receiving 4, WENT-BACK-IN-TIME",
        "active 3, handed 4, EPOCH-WENT-BACK",
        "active 3, mirror 4, EPOCH-WENT-BACK",
        "active 3, sealed 4, EPOCH-WENT-BACK",
        "sealed 3, handed 4, EPOCH-WENT-BACK",
        "sealed 3, mirror 3, EPOCH-WENT-BACK",
        "unconfirmed 4, sealed 3, EPOCH-WENT-BACK",
        "active 3, active 4, TWO-AUTHORITIES",
        "active 3, active 3, TWO-AUTHORITIES",
        "sealed 3, sealed 4, NO-AUTHORITY",
        "handed 3, mirror 3, NO-AUTHORITY",
        "handed 3, receiving 4, NO-AUTHORITY",
        "receiving 3, receiving 3, NO-AUTHORITY",
        "mirror 3, mirror 3, NO-AUTHORITY",
    })
    void goingBackInTimeIsNoticedFromEitherSide(String one, String other, String code) {
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, one, other)).isEqualTo(code);
            assertThat(decide(wanted, other, one)).isEqualTo(code);
        }
    }

    @Test
    void aCounterBehindWhatTheMirrorSawIsGoingBackToo() {
        LedgerEntry behind = Seen.entry("active 3");
        LedgerEntry witness = Seen.entry("mirror 3").withSeen(Seen.position(11));

        assertThat(decide(
                        JSON_ONLY,
                        Seen.present(behind, true, true),
                        Seen.present(witness, true, true),
                        GuardOptions.NONE))
                .isEqualTo("WENT-BACK-IN-TIME");
    }

    @Test
    void aFinishThatLostItsCompareAndSetIsTakenUpAgain() {
        assertThat(decide(JSON_ONLY, "active 3", "receiving 4")).isEqualTo("Reopen JSON");
        assertThat(decide(DB_ONLY, "active 3", "receiving 4")).isEqualTo("Finish POSTGRESQL");
        assertThat(decide(JSON_ONLY, "unconfirmed 3", "receiving 4")).isEqualTo("Reopen JSON");
    }

    @ParameterizedTest
    @CsvSource({
        "mirror 3, false",
        "handed 3, false",
        "mirror 2, true",
        "sealed 2, true",
        "receiving 3, true",
        "mirror 3 forgot, true"
    })
    void aMirrorThatMayHaveMissedSomethingIsComparedAgain(String mirror, boolean again) {
        assertThat(Guard.decide(JSON_PRIMARY, Seen.of("active 3"), Seen.of(mirror), GuardOptions.NONE))
                .isEqualTo(new Serve(JSON, again));
    }

    @Test
    void aNewTimelineIsComparedAgain() {
        LedgerEntry witness = Seen.entry("mirror 3").withSeen(new Position("before", 10, "token", Instant.EPOCH));

        assertThat(Guard.decide(
                        JSON_PRIMARY, Seen.of("active 3"), Seen.present(witness, true, true), GuardOptions.NONE))
                .isEqualTo(new Serve(JSON, true));
    }

    @ParameterizedTest
    @CsvSource({
        "active 1003/a, active 3, TakeBack JSON",
        "active 1003/a, sealed 4, TakeBack JSON",
        "mirror 3, active 1003/a, TakeBack POSTGRESQL",
        "active 1003/a, active 2003/a.b, TakeBack POSTGRESQL",
        "active 3003/a.b.c, active 2003/a.b, TakeBack JSON",
        "active 3003/a.b.c, mirror 3, TakeBack JSON",
        "active 2003/ab, active 1003/a, FORKED",
        "active 2003/a.b, active 2003/a, FORKED",
        "active 1003/a, active 1003/b, FORKED",
        "active 1003/a, active 2003/b, FORKED",
        "active 1003/a, active 1005, FORKED",
        "unconfirmed 1003/a, mirror 3, FORKED",
        "active 3, mirror 1003/a, FORKED",
    })
    void theForcedStoreTakesTheOtherBackAndTwoForcedApartWait(String json, String database, String expected) {
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, json, database)).isEqualTo(expected);
        }
    }

    @Test
    void aForcedStartAppendsItsTokenToTheForksBeforeIt() {
        assertThat(Forks.append("", "a")).isEqualTo("a");
        assertThat(Forks.append("a", "b")).isEqualTo("a.b");
        assertThat(Forks.descends("a.b", "a")).isTrue();
        assertThat(Forks.descends("a", "a")).isFalse();
        assertThat(Forks.descends("", "")).isFalse();
        assertThat(Forks.descends("a", "")).isTrue();
    }

    @Test
    void differentLineagesAreNeverMixedWhateverIsAllowed() {
        GuardOptions everything = new GuardOptions(true, OptionalLong.of(1003), Optional.of(JSON));
        for (Phase wanted : Phase.values()) {
            assertThat(decide(wanted, "active 3", "!active 3", everything)).isEqualTo("LINEAGE-DIFFERS");
            assertThat(decide(wanted, "mirror 3", "!active 3", everything)).isEqualTo("LINEAGE-DIFFERS");
        }
    }

    @Test
    void onlyTheEpochThatWasPrintedForces() {
        Refuse refuse = (Refuse) Guard.decide(JSON_ONLY, Seen.of("handed 3"), Seen.UNREACHABLE, GuardOptions.NONE);
        long printed = refuse.force().orElseThrow();

        assertThat(refuse.remedy()).contains("SWITCHOVER_FORCE=" + printed);
        assertThat(decide(JSON_ONLY, "handed 3", "unreachable", force(printed))).isEqualTo("Force JSON " + printed);
        assertThat(decide(JSON_ONLY, "handed 3", "unreachable", force(printed + 1)))
                .isEqualTo("AUTHORITY-UNREACHABLE");
    }

    @Test
    void forceIsUsedUpOnceTheStoreServes() {
        assertThat(decide(JSON_ONLY, "active 1003/a", "unreachable", force(1003)))
                .isEqualTo("Serve JSON");
        assertThat(decide(JSON_ONLY, "handed 1004/a", "unreachable", force(1003)))
                .isEqualTo("AUTHORITY-UNREACHABLE");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theOperatorSettlesWhatTheLedgersCannot(Store right) {
        assertThat(decide(JSON_ONLY, "active 3", "active 4", adopt(right))).isEqualTo("Force " + right + " 1004");
        assertThat(decide(DB_ONLY, "active 1003/a", "active 1003/b", adopt(right)))
                .isEqualTo("Force " + right + " 2003");
        assertThat(decide(JSON_ONLY, "files", "mirror 1", adopt(right))).isEqualTo("Force " + right + " 1001");
    }

    @Test
    void adoptingChangesNothingWhereTheLedgersAgree() {
        assertThat(decide(JSON_ONLY, "active 3", "mirror 3", adopt(POSTGRESQL))).isEqualTo("Serve JSON");
        assertThat(decide(DB_ONLY, "sealed 3", "mirror 2", adopt(JSON))).isEqualTo("Finish POSTGRESQL");
    }

    @Test
    void theOperatorSaysWhichUnknownRecordsAreRight() {
        assertThat(decide(DB_PRIMARY, "files", "files", adopt(JSON))).isEqualTo("FirstContact JSON SAVED_ASIDE");
        assertThat(decide(DB_PRIMARY, "files", "files", adopt(POSTGRESQL)))
                .isEqualTo("FirstContact POSTGRESQL SAVED_ASIDE");
        assertThat(decide(JSON_PRIMARY, "active 1", "files", adopt(JSON))).isEqualTo("Join POSTGRESQL SAVED_ASIDE");
        assertThat(decide(JSON_PRIMARY, "active 1", "files", adopt(POSTGRESQL))).isEqualTo("Force POSTGRESQL 1001");
    }

    @Test
    void aRefusalSaysHowManyIdsAreAtStake() {
        Observation json = new Observation.Present(
                Optional.of(Seen.entry("sealed 3")), true, true, new PendingSummary(4, Instant.EPOCH, 1));
        Refuse refuse = (Refuse) Guard.decide(JSON_ONLY, json, Seen.UNREACHABLE, GuardOptions.NONE);

        assertThat(refuse.facts()).contains("5 ids in JSON had not reached PostgreSQL");
        assertThat(refuse.toException("expenses"))
                .hasMessageContaining("HALF-DONE-ALONE")
                .hasMessageContaining("collection expenses")
                .hasMessageContaining("epoch 3");
    }

    private static GuardOptions force(long epoch) {
        return new GuardOptions(false, OptionalLong.of(epoch), Optional.empty());
    }

    private static GuardOptions adopt(Store store) {
        return new GuardOptions(false, OptionalLong.empty(), Optional.of(store));
    }

    private static String decide(Phase wanted, String json, String database) {
        return decide(wanted, json, database, GuardOptions.NONE);
    }

    private static String decide(Phase wanted, String json, String database, GuardOptions options) {
        return decide(wanted, Seen.of(json), Seen.of(database), options);
    }

    private static String decide(Phase wanted, Observation json, Observation database, GuardOptions options) {
        return Verdicts.name(Guard.decide(wanted, json, database, options));
    }
}
