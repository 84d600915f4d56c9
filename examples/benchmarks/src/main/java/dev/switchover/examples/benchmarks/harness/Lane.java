package dev.switchover.examples.benchmarks.harness;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One of the threads of a slot, as its calls see it. Each round gives each lane the same random numbers for every alternative. */
public final class Lane {

    private final int number;
    private final SplittableRandom random;
    private @Nullable Object sink;

    Lane(int round, int number) {
        this.number = number;
        this.random = new SplittableRandom(31L * round + number);
    }

    /** Counted from 0. */
    public int number() {
        return number;
    }

    public SplittableRandom random() {
        return random;
    }

    /** Keeps the result of a call alive, so that the compiler cannot find out that nobody uses it. */
    void keep(@Nullable Object result) {
        sink = result;
    }

    @Nullable
    Object kept() {
        return sink;
    }
}
