package dev.switchover.postgres;

import dev.switchover.postgres.CallLine.Entry;
import dev.switchover.postgres.CallLine.Lane;
import dev.switchover.postgres.CallLine.Way;
import dev.switchover.storage.UnknownOutcomeException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls that are made at the same time be carried out together. As long as fewer than {@code lanes} are at work a caller makes
 * its call alone, at once, as if there were nobody else. Otherwise it waits in line; whoever ends hands its lane over to the first
 * in line, who carries out what has come together by then. Where that is a crowd there are fewer lanes, so that more comes together,
 * until somebody is first in line and last.
 *
 * <p>Each caller gets what its own call came to. One that was not carried out together with the others is made alone by its
 * caller, and so is one that has waited in line for longer than {@code patience}, or whose caller was interrupted there. Where no
 * lane has begun anything for that long, nobody joins the line at all. Once a call is taken out of the line, its caller waits until it is known what became of it.
 * Thread-safe.
 *
 * @param <C> a call
 * @param <R> what one comes to
 */
final class CombinedCalls<C, R> {

    /** Carries out several calls. */
    interface Together<C, R> {

        /**
         * @param calls two or more, each with another key
         * @return what each came to, or null for one that had no effect at all and has to be made alone
         * @throws RuntimeException if it is not known of any of them, or if nothing happened
         */
        List<@Nullable R> run(List<C> calls);
    }

    /**
     * @param lanes how many are at work at once before others wait in line
     * @param crowd how many that are carried out together are a crowd
     * @param lanesInCrowd how many are at work at once then
     * @param patience how long a caller waits in line
     * @param mostCalls at once
     * @param mostWeight of the calls carried out at once; a single one may have more
     */
    record Bounds(int lanes, int crowd, int lanesInCrowd, Duration patience, int mostCalls, int mostWeight) {}

    private final CallLine<C, R> line;
    private final Together<C, R> together;
    private final Function<RuntimeException, @Nullable RuntimeException> failureOfOthers;

    /**
     * @param key calls of one key are never carried out together
     * @param failureOfOthers of the failure of a run, what each of the others is told; null where nothing of it happened and each
     *     is to be made alone
     * @param nanoTime as {@link System#nanoTime}
     */
    CombinedCalls(
            Bounds bounds,
            Function<? super C, ?> key,
            ToIntFunction<? super C> weight,
            Together<C, R> together,
            Function<RuntimeException, @Nullable RuntimeException> failureOfOthers,
            LongSupplier nanoTime) {
        this.line = new CallLine<>(bounds, key, weight, nanoTime);
        this.together = together;
        this.failureOfOthers = failureOfOthers;
    }

    /**
     * @param call made where it is not made alone at once
     * @param alone makes the call by itself, on this thread
     */
    R call(Supplier<C> call, Supplier<R> alone) {
        Entry<C, R> entry = line.enter(null);
        if (entry.way() == Way.LINE) {
            WaitingCall<C, R> waiting = new WaitingCall<>(call.get());
            entry = line.enter(waiting);
            if (entry.way() == Way.LINE) {
                line.await(waiting);
                waiting.wakeNext();
                Lane<C, R> lane = waiting.lane;
                return lane == null ? outcome(waiting, alone) : lead(waiting, lane, alone);
            }
        }
        Lane<C, R> lane = entry.lane();
        return lane == null ? alone.get() : inLane(lane, alone);
    }

    private R outcome(WaitingCall<C, R> waiting, Supplier<R> alone) {
        return switch (waiting.state) {
            case DONE -> Objects.requireNonNull(waiting.result);
            case FAILED -> throw Objects.requireNonNull(waiting.failure);
            case UNKNOWN ->
                throw new UnknownOutcomeException(
                        "Whoever wrote this together with others ended with an error. Read the record to find out",
                        null);
            default -> alone.get();
        };
    }

    /** How many callers wait to be taken. */
    int inLine() {
        return line.inLine();
    }

    /** How many lanes are taken. */
    int atWork() {
        return line.atWork();
    }

    private R inLane(Lane<C, R> lane, Supplier<R> alone) {
        try {
            return alone.get();
        } finally {
            line.handOver(lane);
        }
    }

    private R lead(WaitingCall<C, R> leader, Lane<C, R> lane, Supplier<R> alone) {
        boolean settled = false;
        try {
            line.take(leader, lane);
            if (lane.taken.size() == 1) {
                return alone.get();
            }
            carryOut(List.copyOf(lane.taken));
            settled = true;
            leader.wakeNext();
            line.linger(lane.taken.size());
        } finally {
            if (!settled) {
                for (int i = 0; i < lane.taken.size(); i++) {
                    lane.taken.get(i).ended();
                }
            }
            lane.taken.clear();
            line.handOver(lane);
        }
        return outcome(leader, alone);
    }

    /** Settles them all. */
    private void carryOut(List<WaitingCall<C, R>> taken) {
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).joins(taken, i);
        }
        // An interrupt is for this caller, not for those it works for.
        boolean interrupted = Thread.interrupted();
        try {
            List<@Nullable R> results =
                    together.run(taken.stream().map(one -> one.call).toList());
            interrupted |= Thread.interrupted();
            if (results.size() != taken.size()) {
                throw new IllegalStateException(results.size() + " results of " + taken.size() + " calls");
            }
            // The last first: whoever sees that it is settled finds that those it is to wake are.
            for (int i = taken.size() - 1; i >= 0; i--) {
                taken.get(i).comesTo(results.get(i));
            }
        } catch (RuntimeException e) {
            // It may be why it failed.
            boolean cut = Thread.interrupted();
            interrupted |= cut;
            for (int i = taken.size() - 1; i >= 0; i--) {
                taken.get(i).fails(told(e, cut));
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable RuntimeException told(RuntimeException failure, boolean cut) {
        RuntimeException told = failureOfOthers.apply(failure);
        return cut && !(told instanceof UnknownOutcomeException) ? null : told;
    }
}
