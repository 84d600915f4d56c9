package dev.switchover.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models of the protocol hold, and every part of a rule that a model was needed for is needed: without it TLC finds a way to
 * break an invariant. {@code src/test/model/README.md} says what each model covers.
 */
class ProtocolModelTest {

    private static final long MINUTES = 30;

    @TempDir
    Path work;

    /** The smallest one, so that every build checks something. */
    @Test
    void theDirectoryPassesFromHolderToHolderWithAllThatWasAcknowledged() {
        Tlc.Result result = new Tlc(work).run("HandOver", "HandOver", "none", MINUTES);
        assertThat(result.holds()).as(result.output()).isTrue();
        assertThat(result.distinctStates()).isGreaterThan(10_000);
    }

    @ParameterizedTest(name = "{1}")
    @Tag("slow")
    @CsvSource({
        "Authority, Authority, 900000",
        "Authority, AuthorityPostgresGoesBack, 150000",
        "Authority, AuthorityJsonGoesBack, 100000",
        "Mirror, Mirror, 150000",
        "Mirror, MirrorEdited, 80000",
        "Mirror, MirrorOnAndOff, 100000",
        "Mirror, MirrorTwoRecords, 300000",
        "Mirror, MirrorKilled, 300000",
        "Contact, Contact, 400000",
        "Contact, ContactAdopted, 25000",
        "Contact, ContactForced, 60000",
        "Units, Units, 100000"
    })
    void theRulesHoldInEveryState(String specification, String configuration, long states) {
        Tlc.Result result = new Tlc(work).run(specification, configuration, "none", MINUTES);
        assertThat(result.holds()).as(result.output()).isTrue();
        assertThat(result.distinctStates()).isGreaterThan(states);
    }

    /** The number is that of the rule in {@code docs/protocol.md}. */
    @ParameterizedTest(name = "{0}, {3}")
    @Tag("slow")
    @CsvSource({
        "1, Authority, Authority, serve-unconfirmed, NotBothSealedForever",
        "2, Authority, Authority, unconfirmed-alone, NotBothSealedForever",
        "3, Authority, Authority, switch-back-unconfirmed, NotBothSealedForever",
        "4, Authority, Authority, no-seal, NotBothSealedForever",
        "4, Authority, Authority, no-hand-over, NotBothSealedForever",
        "5, Authority, Authority, no-quiesce, AcknowledgedIsDurable",
        "6, Authority, AuthorityJsonGoesBack, copy-pending-only, MirrorOnMeansPendingOrEqual",
        "7, Authority, Authority, sealed-first, NotBothSealedForever",
        "8, Authority, AuthorityJsonGoesBack, reopen-leaves-receiving, GoingBackIsNoticed",
        "9, Authority, AuthorityJsonGoesBack, no-position-in-receiving, GoingBackIsNoticed",
        "10, Authority, AuthorityPostgresGoesBack, counters-only, MirrorOnMeansPendingOrEqual",
        "11, Authority, AuthorityPostgresGoesBack, note-without-looking, GoingBackIsNoticed",
        "12, Authority, AuthorityPostgresGoesBack, copy-without-looking, GoingBackIsNoticed",
        "13, Authority, AuthorityPostgresGoesBack, activation-notes-anew, MirrorOnMeansPendingOrEqual",
        "14, Mirror, Mirror, flags-decide, MirrorOnMeansPendingOrEqual",
        "15, Mirror, Mirror, two-states, MirrorOnMeansPendingOrEqual",
        "15, Mirror, MirrorOnAndOff, syncing-same-term, MirrorOnMeansPendingOrEqual",
        "15, Mirror, MirrorOnAndOff, no-quiesce, MirrorOnMeansPendingOrEqual",
        "16, Mirror, Mirror, ack-any-version, MirrorOnMeansPendingOrEqual",
        "16, Mirror, Mirror, do-nothing, MirrorOnMeansPendingOrEqual",
        "16, Mirror, MirrorEdited, mark-own-version, MirrorOnMeansPendingOrEqual",
        "17, Mirror, Mirror, handed-blindly, MirrorOnMeansPendingOrEqual",
        "18, Mirror, Mirror, same-term, MirrorOnMeansPendingOrEqual",
        "18, Mirror, MirrorOnAndOff, fence-without-term, MirrorOnMeansPendingOrEqual",
        "19, Mirror, Mirror, no-apply-numbers, MirrorOnMeansPendingOrEqual",
        "20, Mirror, Mirror, ack-before-force, MirrorOnMeansPendingOrEqual",
        "20, Mirror, MirrorKilled, force-without-number, MirrorOnMeansPendingOrEqual",
        "21, HandOver, HandOver, no-terms, NoSplitBrain",
        "21, HandOver, HandOver, no-check-after, AcknowledgedIsDurable",
        "22, HandOver, HandOver, read-before-claim, AcknowledgedIsDurable",
        "23, Contact, Contact, no-lineage, MirrorHasOneAuthority",
        "23, Contact, ContactAdopted, joins-unsaved, NothingOverwrittenInSilence",
        "24, Contact, ContactForced, no-fork, NoSplitBrain",
        "24, Contact, ContactForced, takes-back-unsaved, NothingOverwrittenInSilence",
        "25, Units, Units, leaves-the-unit, UnitsAreWhole",
        "25, Units, Units, takes-one, UnitsAreWhole",
        "25, Units, Units, handed-alone, UnitsAreWhole",
        "26, Units, Units, refused-is-forgotten, MirrorOnMeansPendingOrEqual"
    })
    void everyPartOfARuleIsNeeded(
            String rule, String specification, String configuration, String mutant, String invariant) {
        Tlc.Result result = new Tlc(work).run(specification, configuration, mutant, MINUTES);
        assertThat(result.violated())
                .as("rule " + rule + ": " + result.output())
                .isEqualTo(invariant);
    }
}
