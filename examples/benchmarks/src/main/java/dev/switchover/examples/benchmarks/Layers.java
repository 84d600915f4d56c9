package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import com.sun.management.ThreadMXBean;
import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Series;
import dev.switchover.examples.benchmarks.harness.Slot;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a layer before a store costs by itself: the call through it less the same call on the store.
 *
 * @param direct the store itself
 * @param ours the same store behind the router
 * @param peer the same store behind what the router is measured against, the baseline
 */
record Layers(EntryStore direct, EntryStore ours, EntryStore peer) {

    /** Nothing can be said of less than a nanosecond or a byte, nor can anything be divided by it. */
    private static final double LEAST = 1;

    private static final double WANTED = 0.15;
    private static final int ROUNDS = 5;

    /** Of each round. */
    private static final int FINDS = 5_000;

    /** Each waits for the disk. */
    private static final int SAVES = 2_000;

    /**
     * The time of one call that finds nothing, from a run of slots.
     *
     * @param run in which the three have their slots under their names
     * @param callsInOne how many finds one call of it made
     */
    Section time(Comparison run, int callsInOne) {
        return section(
                Comparison.Kind.NANOSECONDS,
                "what stands before the store, time of one findById that finds nothing",
                run.loadBefore(),
                nanos(run.named(direct.name()), callsInOne),
                nanos(run.named(ours.name()), callsInOne),
                nanos(run.named(peer.name()), callsInOne));
    }

    private static List<Double> nanos(Series series, int callsInOne) {
        return series.slots().stream()
                .map(Slot::p50Micros)
                .map(micros -> micros * 1e3 / callsInOne)
                .toList();
    }

    /** The bytes that one find allocates on its thread; the same records for all three. */
    Section allocatedByFind(int records) throws Exception {
        return allocated("findById", FINDS, (store, random) -> {
            if (store.find(1L + random.nextInt(records)) == null) {
                throw new IllegalStateException(store.name() + " has lost an entry");
            }
        });
    }

    /** The same of a save, to one store; what follows on other threads is not in it. */
    Section allocatedBySave(Entries entries, int records) throws Exception {
        return allocated(
                "save", SAVES, (store, random) -> store.save(entries.entry(1L + random.nextInt(records), random)));
    }

    private interface Call {
        void on(EntryStore store, SplittableRandom random) throws Exception;
    }

    private Section allocated(String what, int calls, Call call) throws Exception {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Map<EntryStore, List<Double>> bytes = new LinkedHashMap<>();
        // As many before, for compiled code allocates less.
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            for (EntryStore store : List.of(direct, ours, peer)) {
                double ofOne = bytesOfOne(store, round, calls, call);
                if (round >= 0) {
                    bytes.computeIfAbsent(store, none -> new ArrayList<>()).add(ofOne);
                }
            }
        }
        return section(
                Comparison.Kind.BYTES,
                "what stands before the store, bytes allocated by one " + what,
                load,
                bytes.getOrDefault(direct, List.of()),
                bytes.getOrDefault(ours, List.of()),
                bytes.getOrDefault(peer, List.of()));
    }

    private static double bytesOfOne(EntryStore store, int round, int calls, Call call) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        SplittableRandom random = new SplittableRandom(round);
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < calls; i++) {
            call.on(store, random);
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / (double) calls;
    }

    private Section section(
            Comparison.Kind kind,
            String title,
            double load,
            List<Double> directly,
            List<Double> throughOurs,
            List<Double> throughPeer) {
        Map<String, List<Double>> more = new LinkedHashMap<>();
        more.put(peer.name(), more(throughPeer, directly));
        more.put(ours.name(), more(throughOurs, directly));
        String note = String.format(
                Locale.ROOT,
                "What a call takes more than the direct one, of which the medians are %.1f %s (the store's own part, in all three alike);"
                        + " through the router %.1f, through %s %.1f. Less than 1 counts as 1.",
                median(kind, directly),
                kind.unit(),
                median(kind, throughOurs),
                peer.name(),
                median(kind, throughPeer));
        return new Section(
                Comparison.amounts(kind, title, load, more),
                List.of(),
                List.of(atMost(ours.name(), peer.name(), Measure.P50, WANTED)),
                List.of(note));
    }

    private static List<Double> more(List<Double> through, List<Double> directly) {
        return IntStream.range(0, through.size())
                .mapToObj(round -> Math.max(LEAST, through.get(round) - directly.get(round)))
                .toList();
    }

    private static double median(Comparison.Kind kind, List<Double> amounts) {
        return Comparison.amounts(kind, "", 0, Map.of("", amounts)).baseline().median(Measure.P50);
    }
}
