package dev.switchover.examples.benchmarks.harness;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** One alternative's slots, one for each round that counts. */
public record Series(String name, List<Slot> slots) {

    public Series {
        slots = List.copyOf(slots);
    }

    public double median(Measure measure) {
        return Medians.of(slots.stream().mapToDouble(measure::of));
    }

    /** This series against another of the same run, round by round: what disturbs one round burdens both. */
    public Ratio to(Series baseline, Measure measure) {
        if (slots.size() != baseline.slots.size()) {
            throw new IllegalArgumentException(name + " and " + baseline.name + " are not of one run");
        }
        double[] rounds = IntStream.range(0, slots.size())
                .mapToDouble(round -> measure.of(slots.get(round)) / measure.of(baseline.slots.get(round)))
                .sorted()
                .toArray();
        int quarter = rounds.length / 4;
        return new Ratio(Medians.of(Arrays.stream(rounds)), rounds[quarter], rounds[rounds.length - 1 - quarter]);
    }
}
