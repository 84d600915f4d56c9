package dev.switchover.examples.benchmarks.harness;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param warmUps rounds that are run first and thrown away
 * @param rounds rounds that count
 * @param slot how long each alternative runs in each round
 * @param rest between two slots, so that what one alternative left to do in the background does not burden the next
 */
public record Plan(int warmUps, int rounds, Duration slot, Duration rest) {

    public Plan {
        if (warmUps < 0 || rounds < 1 || slot.isNegative() || slot.isZero() || rest.isNegative()) {
            throw new IllegalArgumentException("A plan needs a round and a slot of some length: " + warmUps + ", "
                    + rounds + ", " + slot + ", " + rest);
        }
    }

    /** The same rounds with other lengths. */
    public Plan withSlots(Duration newSlot, Duration newRest) {
        return new Plan(warmUps, rounds, newSlot, newRest);
    }
}
