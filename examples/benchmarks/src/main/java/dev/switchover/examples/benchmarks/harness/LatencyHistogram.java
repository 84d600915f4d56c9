package dev.switchover.examples.benchmarks.harness;

/**
 * Counts durations in nanoseconds. Constant memory, each value kept to within 0.4 %, so that a slot of a few seconds may
 * hold millions of calls. Not thread-safe: one for each thread, added up afterwards.
 */
public final class LatencyHistogram {

    private static final int PRECISION_BITS = 8;
    private static final int BUCKETS_AN_OCTAVE = 1 << PRECISION_BITS;

    private final long[] counts = new long[(Long.SIZE - PRECISION_BITS) * BUCKETS_AN_OCTAVE];
    private long total;

    public void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    public void addAll(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    public long total() {
        return total;
    }

    /**
     * The duration that {@code share} of all calls did not exceed.
     *
     * @param share above 0, at most 1
     * @throws IllegalStateException if nothing was counted
     */
    public double quantile(double share) {
        if (total == 0) {
            throw new IllegalStateException("No call ended in this slot; give it more time.");
        }
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return middle(i);
            }
        }
        throw new AssertionError("The buckets hold fewer values than were counted");
    }

    /** Values below {@link #BUCKETS_AN_OCTAVE} have a bucket each; above, each power of two is cut into equal parts. */
    private static int bucket(long nanos) {
        if (nanos < BUCKETS_AN_OCTAVE) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - PRECISION_BITS;
        return shift * BUCKETS_AN_OCTAVE + (int) (nanos >>> shift);
    }

    private static double middle(int bucket) {
        if (bucket < 2 * BUCKETS_AN_OCTAVE) {
            return bucket;
        }
        int shift = bucket / BUCKETS_AN_OCTAVE - 1;
        long low = (long) (bucket - shift * BUCKETS_AN_OCTAVE) << shift;
        return low + (1L << shift) / 2.0;
    }
}
