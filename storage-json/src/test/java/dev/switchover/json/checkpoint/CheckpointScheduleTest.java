package dev.switchover.json.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointScheduleTest {

    private static final long DELAY = 1_000;
    private static final long MAXIMUM = 30_000;

    private final CheckpointSchedule schedule = new CheckpointSchedule(DELAY, MAXIMUM);

    @Test
    void aFreshFileIsNeverDue() {
        assertThat(schedule.untilDue("books", 5)).isEqualTo(Long.MAX_VALUE);
        schedule.changed("books", 10);
        schedule.taken("books");
        assertThat(schedule.untilDue("books", 50)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theFirstChangeDecidesNotTheLast() {
        assertThat(schedule.changed("books", 100)).isTrue();
        assertThat(schedule.changed("books", 900)).isFalse();
        assertThat(schedule.untilDue("books", 900)).isEqualTo(200);
        assertThat(schedule.untilDue("books", 1_100)).isZero();
    }

    @Test
    void checkpointsTakeATenthOfTheTime() {
        schedule.changed("books", 0);
        schedule.taken("books");
        schedule.written("books", 500, 2_000);
        schedule.changed("books", 2_100);
        assertThat(schedule.untilDue("books", 3_100))
                .as("nine times 500 after the last one")
                .isEqualTo(3_400);
        assertThat(schedule.untilDue("books", 6_500)).isZero();
    }

    @Test
    void noFileGetsOlderThanTheMaximum() {
        schedule.written("books", 20_000, 0);
        schedule.changed("books", 100);
        assertThat(schedule.untilDue("books", 100)).isEqualTo(MAXIMUM);
        assertThat(schedule.untilDue("books", 30_100)).isZero();
    }

    @Test
    void aFailedOneIsTriedAgain() {
        schedule.changed("books", 0);
        schedule.taken("books");
        schedule.failed("books", 1, 2_000);
        assertThat(schedule.untilDue("books", 2_000)).isEqualTo(DELAY);
    }

    @Test
    void aFailedOneIsNotTriedMoreOftenThanOneThatWorks() {
        schedule.changed("books", 0);
        schedule.taken("books");
        schedule.failed("books", 500, 2_000);
        assertThat(schedule.untilDue("books", 2_000)).as("nine times 500").isEqualTo(4_500);
    }
}
