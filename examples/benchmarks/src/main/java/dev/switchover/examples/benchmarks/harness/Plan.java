package dev.switchover.examples.benchmarks.harness;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param warmUp how long each alternative runs first, for nothing: a virtual machine that has not compiled what it runs yet is
 *     several times slower, the more so for whoever has more code
 * @param rounds rounds that count
 * @param slot how long each alternative runs in each round
 * @param rest between two slots, so that what one alternative left to do in the background does not burden the next
 */
public record Plan(Duration warmUp, int rounds, Duration slot, Duration rest) {

    public Plan {
        if (warmUp.isNegative() || rounds < 1 || slot.isNegative() || slot.isZero() || rest.isNegative()) {
            throw new IllegalArgumentException("A plan needs a round and a slot of some length: " + warmUp + ", "
                    + rounds + ", " + slot + ", " + rest);
        }
    }

    /** The same rounds with other lengths. */
    public Plan withSlots(Duration newSlot, Duration newRest) {
        return new Plan(warmUp, rounds, newSlot, newRest);
    }
}
