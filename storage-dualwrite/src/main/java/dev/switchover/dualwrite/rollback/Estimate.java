package dev.switchover.dualwrite.rollback;

import dev.switchover.storage.Store;
import java.time.Duration;

/**
 * How long a change of authority would take, from what was measured. Pure.
 *
 * <p>Every start reads the authority's records once, to check them. To JSON, it compares and carries over while PostgreSQL serves
 * on, and compares again while nobody can write; to PostgreSQL it compares and copies while nobody can write.
 *
 * @param total all of it
 * @param unwritable the part of it in which nobody can write
 * @param basis for people
 */
record Estimate(Duration total, Duration unwritable, String basis) {

    /** Copying is taken to be this many times as slow as comparing until a copy has been measured. */
    private static final double ASSUMED = 4;

    /**
     * What was measured just now.
     *
     * @param ids that were compared
     */
    record Measured(long ids, Duration surveyed, Duration compared) {
        double nanosToCompareOne() {
            return ids == 0 ? 0 : (double) compared.toNanos() / ids;
        }
    }

    /**
     * An earlier copy.
     *
     * @param when for people
     */
    record Copy(String when, long compared, long copied, long millis) {}

    static Estimate of(Store target, Measured measured, long lacking, Copy earlier) {
        double one = measured.nanosToCompareOne();
        double copying = 1e6 * earlier.millis() - one * earlier.compared();
        // Where the comparison took all of the time, copying took none that can be seen.
        double copyOne = earlier.copied() == 0 ? ASSUMED * one : Math.max(0, copying) / earlier.copied();
        boolean seen = earlier.copied() > 0;
        Duration compare = Duration.ofNanos(Math.round(one * measured.ids()));
        Duration copy = Duration.ofNanos(Math.round(copyOne * lacking));
        Duration unwritable = target == Store.JSON ? compare : compare.plus(copy);
        Duration before = target == Store.JSON && lacking > 0
                ? measured.surveyed().plus(compare).plus(copy)
                : measured.surveyed();
        String basis = measured.ids() + " ids compared just now in "
                + measured.compared().toMillis() + " ms; copying "
                + (seen
                        ? "as measured at the change of authority of " + earlier.when()
                        : "taken to be " + (long) ASSUMED + " times as slow, for none has been measured yet");
        return new Estimate(before.plus(unwritable), unwritable, basis);
    }
}
