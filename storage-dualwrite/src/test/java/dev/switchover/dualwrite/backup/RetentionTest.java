package dev.switchover.dualwrite.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.backup.Retention.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static Candidate old(int days) {
        return aged(Duration.ofDays(days));
    }

    private static Candidate aged(Duration age) {
        return new Candidate("aged " + age, NOW.minus(age), BackupKind.SCHEDULED);
    }

    private static List<Candidate> oneADay(int count) {
        List<Candidate> all = new ArrayList<>();
        for (int days = 0; days < count; days++) {
            all.add(old(days));
        }
        return all;
    }

    private static Retention keep(Integer days, Integer count) {
        return new Retention(
                days == null ? OptionalInt.empty() : OptionalInt.of(days),
                count == null ? OptionalInt.empty() : OptionalInt.of(count));
    }

    @Test
    void whatIsOldAndNotAmongTheNewestGoes() {
        assertThat(Retention.DEFAULTS.removable(oneADay(40), NOW))
                .extracting(Candidate::name)
                .containsExactly(
                        old(39).name(),
                        old(38).name(),
                        old(37).name(),
                        old(36).name(),
                        old(35).name(),
                        old(34).name(),
                        old(33).name(),
                        old(32).name(),
                        old(31).name());
    }

    @Test
    void whatIsExactlyAsOldAsAllowedStays() {
        Retention oneDay = keep(1, null);
        assertThat(oneDay.removable(List.of(old(1)), NOW)).isEmpty();
        assertThat(oneDay.removable(List.of(aged(Duration.ofDays(1).plusMillis(1))), NOW))
                .hasSize(1);
    }

    @Test
    void whatIsOldStaysWhileItIsAmongTheNewest() {
        List<Candidate> old = List.of(old(100), old(101), old(102));
        assertThat(keep(30, 3).removable(old, NOW)).isEmpty();
        assertThat(keep(30, 2).removable(old, NOW)).containsExactly(old(102));
    }

    @Test
    void whatIsYoungStaysHoweverManyThereAre() {
        assertThat(keep(30, 2).removable(oneADay(31), NOW)).isEmpty();
        assertThat(keep(30, 2).removable(oneADay(32), NOW)).containsExactly(old(31));
    }

    @Test
    void daysAloneDecideAlone() {
        assertThat(keep(2, null).removable(List.of(old(1), old(2), old(3)), NOW))
                .containsExactly(old(3));
    }

    @Test
    void countAloneDecidesAlone() {
        assertThat(keep(null, 1).removable(List.of(old(0), old(1), old(2)), NOW))
                .containsExactly(old(2), old(1));
        assertThat(keep(null, 0).removable(List.of(old(0)), NOW)).containsExactly(old(0));
    }

    @Test
    void withoutABoundNothingGoes() {
        assertThat(keep(null, null).removable(oneADay(500), NOW)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = BackupKind.class,
            names = {"EMERGENCY", "BEFORE_RESTORE", "BEFORE_SWITCHOVER"})
    void protectedKindsAreNeverRemovedAndTakeNobodysPlace(BackupKind kind) {
        List<Candidate> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(new Candidate("protected " + i, NOW.minus(Duration.ofDays(i)), kind));
        }
        all.add(old(400));
        assertThat(keep(30, 1).removable(all, NOW)).isEmpty();
        assertThat(keep(30, 0).removable(all, NOW)).containsExactly(old(400));
    }

    @ParameterizedTest
    @EnumSource(
            value = BackupKind.class,
            names = {"MANUAL", "SCHEDULED", "BEFORE_WRITE_BATCH"})
    void otherKindsGo(BackupKind kind) {
        Candidate one = new Candidate("one", NOW.minus(Duration.ofDays(31)), kind);
        assertThat(keep(30, 0).removable(List.of(one), NOW)).containsExactly(one);
    }

    @Test
    void whatIsFromTheFutureStays() {
        Candidate future = aged(Duration.ofDays(-3));
        assertThat(keep(0, 0).removable(List.of(future), NOW)).isEmpty();
    }

    /** Otherwise one that a wrong clock dated into the next year would be the newest till then, and all that follow would go. */
    @Test
    void whatIsFromTheFutureTakesNobodysPlace() {
        Candidate future = aged(Duration.ofDays(-300));
        Candidate made = aged(Duration.ZERO);
        assertThat(keep(null, 1).removable(List.of(future, made, old(1)), NOW)).containsExactly(old(1));
    }

    @Test
    void ofOneMomentTheLaterNameIsTheNewer() {
        Candidate first = new Candidate("a-1", NOW.minus(Duration.ofDays(31)), BackupKind.MANUAL);
        Candidate second = new Candidate("a-2", NOW.minus(Duration.ofDays(31)), BackupKind.MANUAL);
        assertThat(keep(30, 1).removable(List.of(second, first), NOW)).containsExactly(first);
    }

    @Test
    void aBoundBelowZeroIsRefused() {
        assertThatThrownBy(() -> keep(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keep(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
