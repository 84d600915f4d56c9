package dev.switchover.dualwrite.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Schedule schedule(String text) {
        return Schedule.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "daily@02:00",
                "weekly@sun 03:00",
                "every 6h",
                "every 30m",
                "weekly@mon 23:59",
                "every 6h, daily@02:00"
            })
    void whatIsReadIsShownAsItWasWritten(String text) {
        assertThat(schedule(text)).hasToString(text);
        assertThat(schedule(" " + text.toUpperCase(java.util.Locale.ROOT) + " "))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "daily",
                "daily@24:00",
                "daily@2",
                "daily@02:60",
                "weekly@02:00",
                "weekly@some 02:00",
                "every 0h",
                "every h",
                "every 99999h",
                "hourly",
                "every 6h daily@02:00",
                "every 6h,",
                "every 6h, daily",
                "weekly@sun03:00"
            })
    void whatIsNoneIsRefused(String text) {
        assertThat(Schedule.parse(text)).isEmpty();
    }

    @ParameterizedTest(name = "{0} at {1}: after {2}, before {3}")
    @CsvSource({
        "daily@02:00,      2026-01-05T10:00:00Z, 2026-01-05T01:00:00Z, 2026-01-06T01:00:00Z",
        "daily@02:00,      2026-01-05T01:00:00Z, 2026-01-05T01:00:00Z, 2026-01-06T01:00:00Z",
        "daily@02:00,      2026-01-05T00:59:59Z, 2026-01-04T01:00:00Z, 2026-01-05T01:00:00Z",
        // Sunday the 29th of March has no 02:30 in Berlin; 03:30 summer time is 01:30 UTC.
        "daily@02:30,      2026-03-29T12:00:00Z, 2026-03-29T01:30:00Z, 2026-03-30T00:30:00Z",
        // Sunday the 25th of October has 02:30 twice; the first is 00:30 UTC.
        "daily@02:30,      2026-10-25T00:45:00Z, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "daily@02:30,      2026-10-25T01:45:00Z, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "weekly@sun 03:00, 2026-01-05T10:00:00Z, 2026-01-04T02:00:00Z, 2026-01-11T02:00:00Z",
        "weekly@sun 03:00, 2026-01-04T01:59:00Z, 2025-12-28T02:00:00Z, 2026-01-04T02:00:00Z",
        "every 6h,         2026-01-05T10:00:00Z, 2026-01-05T06:00:00Z, 2026-01-05T12:00:00Z",
        "every 30m,        2026-01-05T10:31:00Z, 2026-01-05T10:30:00Z, 2026-01-05T11:00:00Z",
        "'every 6h, daily@02:00', 2026-01-05T00:30:00Z, 2026-01-05T00:00:00Z, 2026-01-05T01:00:00Z",
        "'every 6h, daily@02:00', 2026-01-05T03:00:00Z, 2026-01-05T01:00:00Z, 2026-01-05T06:00:00Z",
        // 02:00 in Berlin is 00:00 UTC in summer: one slot, not two.
        "'every 6h, daily@02:00', 2026-07-05T00:00:00Z, 2026-07-05T00:00:00Z, 2026-07-05T06:00:00Z"
    })
    void slotsAreTheSameForEverybody(String text, Instant now, Instant latest, Instant next) {
        assertThat(schedule(text).latest(now, BERLIN)).isEqualTo(latest);
        assertThat(schedule(text).next(now, BERLIN)).isEqualTo(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"daily@02:30", "weekly@sun 02:30", "daily@00:00", "every 7h", "every 6h, daily@02:00"})
    void aYearOfSlotsHasNoneTwiceAndNoneOutOfOrder(String text) {
        for (ZoneId zone : List.of(BERLIN, ZoneId.of("America/Sao_Paulo"), ZoneId.of("Asia/Kolkata"), ZoneOffset.UTC)) {
            Schedule schedule = schedule(text);
            Instant end = Instant.parse("2027-01-01T00:00:00Z");
            List<Instant> slots = new ArrayList<>();
            for (Instant now = Instant.parse("2026-01-01T00:00:00Z");
                    now.isBefore(end);
                    now = schedule.next(now, zone)) {
                slots.add(now);
            }
            assertThat(slots).isSorted().doesNotHaveDuplicates();
            for (int i = 1; i < slots.size(); i++) {
                assertThat(schedule.latest(slots.get(i), zone)).isEqualTo(slots.get(i));
                assertThat(schedule.latest(slots.get(i).plusSeconds(1), zone)).isEqualTo(slots.get(i));
                assertThat(schedule.latest(slots.get(i).minusSeconds(1), zone)).isBefore(slots.get(i));
                assertThat(Duration.between(slots.get(i - 1), slots.get(i))).isLessThan(Duration.ofDays(8));
            }
        }
    }
}
