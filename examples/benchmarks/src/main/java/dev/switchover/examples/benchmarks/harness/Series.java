package dev.switchover.examples.benchmarks.harness;

import java.util.List;

/** One alternative's slots, one for each round that counts. */
public record Series(String name, List<Slot> slots) {

    public Series {
        slots = List.copyOf(slots);
    }

    public double median(Measure measure) {
        return Medians.of(slots.stream().mapToDouble(measure::of));
    }

    /** This series against another of the same run. */
    public Ratio to(Series baseline, Measure measure) {
        if (slots.size() != baseline.slots.size()) {
            throw new IllegalArgumentException(name + " and " + baseline.name + " are not of one run");
        }
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (int round = 0; round < slots.size(); round++) {
            double ratio = measure.of(slots.get(round)) / measure.of(baseline.slots.get(round));
            low = Math.min(low, ratio);
            high = Math.max(high, ratio);
        }
        return new Ratio(median(measure) / baseline.median(measure), low, high);
    }
}
