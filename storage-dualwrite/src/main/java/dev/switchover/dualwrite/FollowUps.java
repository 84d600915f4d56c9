package dev.switchover.dualwrite;

import dev.switchover.dualwrite.schedule.AfterWrites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What follows each write of this process by itself, if the settings say so. Thread-safe. */
final class FollowUps implements AutoCloseable {

    private volatile List<FollowUp> all = List.of();

    /**
     * One of them.
     *
     * @param collections whose copies it keeps
     * @param atStart whether a start makes it, too
     */
    record FollowUp(String name, List<String> collections, AfterWrites runs, boolean atStart) {}

    /** From now on they are made. Called once. */
    void start(List<FollowUp> followUps) {
        all = List.copyOf(followUps);
        all.forEach(one -> one.runs().start(one.atStart()));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Something was written, or may have been. Never waits. */
    void written() {
        all.forEach(one -> one.runs().written());
    }

    /** Waits until everything that was written before has been followed. @return false if that took longer */
    boolean awaitDone(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean done = true;
        for (FollowUp one : all) {
            done &= one.runs().awaitDone(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        return done;
    }

    /** What goes wrong with the copies of a collection. */
    List<String> problems(String collection) {
        List<String> problems = new ArrayList<>();
        for (FollowUp one : all) {
            AfterWrites.Failure failure = one.runs().failure();
            if (failure != null && one.collections().contains(collection)) {
                problems.add(one.name() + " has failed since " + failure.since() + ": " + failure.reason());
            }
        }
        return problems;
    }

    /** Makes what is still to be made, bounded. */
    @Override
    public void close() {
        all.forEach(one -> one.runs().close());
    }
}
