package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Plan;
import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param calls for calls that take microseconds
 * @param slowSlot a slot where a single call may take a fifth of a second
 * @param slowRest after such a slot, which leaves a burdened disk
 * @param threads how many call at once; the most first, for they have the code compiled soonest
 * @param readers how many of them find records
 * @param recordBytes sizes of a record
 * @param tableRecords how many records there are where the store's size does not matter
 * @param fileRecords how many where it does, smallest first
 * @param mostFileRecords how many in the largest file, which no peer has to write
 * @param jobs how often a whole job is done
 * @param jobRecords records of a whole job
 * @param pendingRecords records a mirror has to catch up with
 * @param growth how cost grows with one thing or another
 * @param checkpoints what is measured while checkpoints run
 * @param heap what is measured in memory
 */
record Scale(
        Plan calls,
        Duration slowSlot,
        Duration slowRest,
        List<Integer> threads,
        List<Integer> readers,
        List<Integer> recordBytes,
        int tableRecords,
        List<Integer> fileRecords,
        int mostFileRecords,
        Rounds jobs,
        int jobRecords,
        int pendingRecords,
        Growth growth,
        Checkpoints checkpoints,
        Heap heap) {

    private static final String RECORDS = "records=";

    /** Of whole jobs, each of which takes as long as it takes. */
    record Rounds(int warmUps, int rounds) {}

    /**
     * What is varied while all else stays. Where more than one thing is varied, not all pairs are measured.
     *
     * @param plan shorter than others: there are many comparisons, of calls that were measured before
     * @param threads how many call at once where the network is varied; elsewhere one does. Also of scenarios in which the number
     *     of threads is not what matters
     * @param roundTripMillis delays of the network, smallest first
     * @param records how many there are, smallest first
     * @param recordBytes sizes of one, smallest first
     */
    record Growth(
            Plan plan,
            List<Integer> threads,
            List<Integer> roundTripMillis,
            List<Integer> records,
            List<Integer> recordBytes) {}

    /**
     * @param plan a slot has to be long enough for whole checkpoints
     * @param records in the file that is written meanwhile
     */
    record Checkpoints(Plan plan, List<Integer> threads, int records) {}

    /** @param rounds each in processes of its own */
    record Heap(int rounds, int records) {}

    /**
     * Everything; about fifty minutes. Many short slots: what disturbs a disk lasts for seconds, and then meets all
     * alternatives.
     */
    static final Scale FULL = new Scale(
            new Plan(Duration.ofSeconds(2), 6, Duration.ofMillis(500), Duration.ofMillis(100)),
            Duration.ofMillis(1_000),
            Duration.ofMillis(400),
            List.of(64, 16, 4, 1),
            List.of(16, 1),
            List.of(300, 2_000),
            10_000,
            List.of(1_000, 100_000),
            1_000_000,
            new Rounds(0, 5),
            1_000_000,
            100_000,
            new Growth(
                    new Plan(Duration.ofMillis(500), 5, Duration.ofMillis(400), Duration.ofMillis(50)),
                    List.of(16, 1),
                    List.of(0, 1, 5, 20),
                    List.of(1_000, 10_000, 100_000),
                    List.of(300, 2_000, 20_000)),
            new Checkpoints(
                    new Plan(Duration.ofSeconds(1), 5, Duration.ofSeconds(5), Duration.ofMillis(500)),
                    List.of(1, 16),
                    1_000_000),
            new Heap(5, 1_000_000));

    /** The same with small records only, fewer threads and fewer, shorter rounds. */
    static final Scale SHORT = new Scale(
            new Plan(Duration.ofMillis(1_500), 5, Duration.ofMillis(200), Duration.ofMillis(40)),
            Duration.ofMillis(250),
            Duration.ofMillis(100),
            List.of(1, 16),
            List.of(1),
            List.of(300),
            10_000,
            List.of(1_000, 100_000),
            200_000,
            new Rounds(0, 5),
            50_000,
            10_000,
            new Growth(
                    new Plan(Duration.ofMillis(300), 5, Duration.ofMillis(150), Duration.ofMillis(20)),
                    List.of(16, 1),
                    List.of(0, 5),
                    List.of(1_000, 100_000),
                    List.of(300)),
            new Checkpoints(
                    new Plan(Duration.ofMillis(300), 5, Duration.ofMillis(1_000), Duration.ofMillis(100)),
                    List.of(16),
                    100_000),
            new Heap(1, 100_000));

    /** Shows that everything runs; its numbers mean nothing. */
    static final Scale SMOKE = new Scale(
            new Plan(Duration.ZERO, 1, Duration.ofMillis(20), Duration.ZERO),
            Duration.ofMillis(20),
            Duration.ZERO,
            List.of(1, 2),
            List.of(2),
            List.of(300),
            100,
            List.of(10, 100),
            200,
            new Rounds(0, 1),
            100,
            50,
            new Growth(
                    new Plan(Duration.ZERO, 1, Duration.ofMillis(20), Duration.ZERO),
                    List.of(2),
                    List.of(0, 1),
                    List.of(10, 100),
                    List.of(300, 2_000)),
            new Checkpoints(new Plan(Duration.ZERO, 1, Duration.ofMillis(50), Duration.ZERO), List.of(2), 100),
            new Heap(1, 100));

    Plan slowCalls() {
        return calls.withSlots(slowSlot, slowRest);
    }

    /** The same with so many records in each whole job, and a tenth of them pending. */
    Scale withJobRecords(int records) {
        return new Scale(
                calls,
                slowSlot,
                slowRest,
                threads,
                readers,
                recordBytes,
                tableRecords,
                fileRecords,
                mostFileRecords,
                jobs,
                records,
                Math.max(1, records / 10),
                growth,
                checkpoints,
                heap);
    }

    /** Whether a word of the command line says how much rather than what. */
    static boolean says(String word) {
        return word.startsWith(RECORDS);
    }

    /**
     * @param words a name first, then {@code records=200000} for as many records in whole jobs
     * @throws IllegalArgumentException naming the words that are understood
     */
    static Scale of(List<String> words) {
        Scale scale = switch (words.get(0)) {
            case "full" -> FULL;
            case "short" -> SHORT;
            case "smoke" -> SMOKE;
            default ->
                throw new IllegalArgumentException("\"" + words.get(0) + "\" is no scale; write full, short or smoke");
        };
        for (String word : words.subList(1, words.size())) {
            scale = scale.withJobRecords(Integer.parseInt(word.substring(RECORDS.length())));
        }
        return scale;
    }
}
