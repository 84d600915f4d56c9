package dev.switchover.dualwrite.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which backups may go. With both bounds one is removed only if it is older than that <i>and</i> not among that many newest; with one
 * of the two, that one alone decides; with none, nothing is removed. Emergency, before-restore, before-switchover and
 * before-retirement backups are never removed, and do not count among the newest; nor does what a clock that was ahead has dated into the future.
 *
 * @param keepDays younger than this many times 24 hours, or exactly as old, is kept
 * @param keepCount so many newest are kept
 */
public record Retention(OptionalInt keepDays, OptionalInt keepCount) {

    /** 30 days and the 20 newest. */
    public static final Retention DEFAULTS = new Retention(OptionalInt.of(30), OptionalInt.of(20));

    /** @throws IllegalArgumentException if a bound is below 0 */
    public Retention {
        if (keepDays.orElse(0) < 0 || keepCount.orElse(0) < 0) {
            throw new IllegalArgumentException("keep 0 days or backups, or more");
        }
    }

    /** One backup, as far as it matters here. */
    record Candidate(String name, Instant time, BackupKind kind) {}

    /** @return those that may go, the oldest first */
    List<Candidate> removable(List<Candidate> all, Instant now) {
        List<Candidate> newestFirst = all.stream()
                .filter(one -> !one.kind().isProtected() && !one.time().isAfter(now))
                .sorted(java.util.Comparator.comparing(Candidate::time)
                        .thenComparing(Candidate::name)
                        .reversed())
                .toList();
        List<Candidate> removable = new ArrayList<>();
        for (int place = 0; place < newestFirst.size(); place++) {
            Candidate one = newestFirst.get(place);
            if (isRemovable(one, place, now)) {
                removable.add(0, one);
            }
        }
        return removable;
    }

    private boolean isRemovable(Candidate one, int place, Instant now) {
        boolean old = keepDays.isPresent() && one.time().isBefore(now.minus(Duration.ofDays(keepDays.getAsInt())));
        boolean surplus = keepCount.isPresent() && place >= keepCount.getAsInt();
        if (keepDays.isPresent() && keepCount.isPresent()) {
            return old && surplus;
        }
        return old || surplus;
    }
}
