package dev.switchover.examples.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Does jobs in turn, as {@link PairedRun} makes calls: each slot is one job from its beginning to its end. */
public final class PairedJobs {

    private final int warmUps;
    private final int rounds;
    private final Consumer<String> progress;

    /** @param progress told one line for each job */
    public PairedJobs(int warmUps, int rounds, Consumer<String> progress) {
        this.warmUps = warmUps;
        this.rounds = rounds;
        this.progress = progress;
    }

    /**
     * @param jobs the first is the baseline
     * @throws MeasurementFailedException if a job failed; nothing is reported then
     */
    public Comparison run(String title, List<Job> jobs) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Map<String, List<Slot>> slots = new LinkedHashMap<>();
        jobs.forEach(job -> slots.put(job.name(), new ArrayList<>()));
        if (slots.size() != jobs.size()) {
            throw new IllegalArgumentException("Two jobs have one name");
        }
        for (int round = -warmUps; round < rounds; round++) {
            for (Job job : PairedRun.inTurn(jobs, round)) {
                Slot slot = measure(job);
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, %s: %s %.1f ms",
                        title,
                        round < 0 ? "warm-up" : "round " + (round + 1),
                        job.name(),
                        slot.p50Micros() / 1e3));
                if (round >= 0) {
                    slots.computeIfAbsent(job.name(), name -> new ArrayList<>()).add(slot);
                }
            }
        }
        List<Series> series = new ArrayList<>();
        slots.forEach((name, all) -> series.add(new Series(name, all)));
        return new Comparison(Comparison.Kind.JOBS, title, 1, load, series);
    }

    private static Slot measure(Job job) {
        try (Job.Prepared prepared = job.preparation().prepare()) {
            // What the one before left in memory is not this one's to clear away.
            System.gc();
            long begin = System.nanoTime();
            prepared.run();
            double micros = (System.nanoTime() - begin) / 1e3;
            return new Slot(1, micros, micros, 1e6 / micros);
        } catch (Exception e) {
            throw new MeasurementFailedException(job.name(), e);
        }
    }
}
