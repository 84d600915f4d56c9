package dev.switchover.postgres;

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
 * lane has begun anything for that long, nobody waits in line at all. Once a call is taken out of the line, its caller waits until it is known what became of it.
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
         * @throws RuntimeException if it is not known of any of them
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
        Way way = line.enter(null);
        if (way == Way.LINE) {
            WaitingCall<C, R> waiting = new WaitingCall<>(call.get());
            way = line.enter(waiting);
            if (way == Way.LINE) {
                line.await(waiting);
                return waiting.state == WaitingCall.State.LEADS ? lead(waiting, alone) : outcome(waiting, alone);
            }
        }
        return way == Way.LANE ? inLane(alone) : alone.get();
    }

    private R outcome(WaitingCall<C, R> waiting, Supplier<R> alone) {
        return switch (waiting.state) {
            case DONE -> Objects.requireNonNull(waiting.result);
            case FAILED -> throw Objects.requireNonNull(waiting.failure);
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

    private R inLane(Supplier<R> alone) {
        try {
            return alone.get();
        } finally {
            line.handOver();
        }
    }

    private R lead(WaitingCall<C, R> leader, Supplier<R> alone) {
        List<WaitingCall<C, R>> taken = line.take(leader);
        if (taken.size() == 1) {
            return inLane(alone);
        }
        // An interrupt is for this caller, not for those it works for.
        boolean interrupted = Thread.interrupted();
        Outcome<R> outcome = new Outcome<>(List.of(), null);
        try {
            outcome = run(taken);
        } finally {
            // Of a run that ended with an error nobody knows anything.
            boolean cut = Thread.interrupted();
            interrupted |= cut;
            try {
                settle(taken, outcome, cut);
                line.linger(taken.size());
            } finally {
                line.handOver();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        return outcome(leader, alone);
    }

    /** @param results empty if it failed */
    private record Outcome<R>(
            List<@Nullable R> results, @Nullable RuntimeException failure) {}

    private Outcome<R> run(List<WaitingCall<C, R>> taken) {
        try {
            List<@Nullable R> results =
                    together.run(taken.stream().map(one -> one.call).toList());
            if (results.size() != taken.size()) {
                throw new IllegalStateException(results.size() + " results of " + taken.size() + " calls");
            }
            return new Outcome<>(results, null);
        } catch (RuntimeException e) {
            return new Outcome<>(List.of(), e);
        }
    }

    /** @param cut whether the leader was interrupted meanwhile, which may be why it failed */
    private void settle(List<WaitingCall<C, R>> taken, Outcome<R> outcome, boolean cut) {
        for (int i = 0; i < taken.size(); i++) {
            WaitingCall<C, R> one = taken.get(i);
            if (outcome.failure == null && outcome.results.isEmpty()) {
                one.failure = new UnknownOutcomeException(
                        "Whoever wrote this together with others ended with an error. Read the record to find out",
                        null);
                one.become(WaitingCall.State.FAILED);
            } else if (outcome.failure == null) {
                one.result = outcome.results.get(i);
                one.become(one.result == null ? WaitingCall.State.ALONE : WaitingCall.State.DONE);
            } else {
                RuntimeException told = failureOfOthers.apply(outcome.failure);
                one.failure = cut && !(told instanceof UnknownOutcomeException) ? null : told;
                one.become(one.failure == null ? WaitingCall.State.ALONE : WaitingCall.State.FAILED);
            }
        }
    }
}
