package dev.switchover.examples.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs alternatives in turn, in this process, for several rounds: what the machine does to one of them in a bad minute it
 * does to the others too, and ratios within a round mean something where absolute times do not. Each round has an order of
 * its own (the same in every run), so that none always follows the same one and suffers from what that leaves behind.
 *
 * <p>The loop is closed: a thread makes its next call when the last one has ended.
 */
public final class PairedRun {

    private final Plan plan;
    private final Consumer<String> progress;

    /** @param progress told one line for each slot */
    public PairedRun(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * @param alternatives the first is the baseline
     * @throws MeasurementFailedException if a call failed; nothing is reported then
     */
    public Comparison run(String title, int threads, List<Alternative> alternatives) throws InterruptedException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Map<String, List<Slot>> slots = new LinkedHashMap<>();
        alternatives.forEach(alternative -> slots.put(alternative.name(), new ArrayList<>()));
        if (slots.size() != alternatives.size()) {
            throw new IllegalArgumentException("Two alternatives have one name");
        }
        AtomicInteger number = new AtomicInteger();
        ExecutorService lanes = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "benchmark-lane-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int round = plan.warmUp().isZero() ? 0 : -1; round < plan.rounds(); round++) {
                Duration length = round < 0 ? plan.warmUp() : plan.slot();
                for (Alternative alternative : inTurn(alternatives, round)) {
                    Slot slot = measureBeside(alternative, round, length, threads, lanes);
                    progress.accept(line(title, threads, round, alternative, slot));
                    if (round >= 0) {
                        slots.computeIfAbsent(alternative.name(), name -> new ArrayList<>())
                                .add(slot);
                    }
                    TimeUnit.NANOSECONDS.sleep(plan.rest().toNanos());
                }
            }
        } finally {
            lanes.shutdownNow();
        }
        List<Series> series = new ArrayList<>();
        slots.forEach((name, all) -> series.add(new Series(name, all)));
        return new Comparison(Comparison.Kind.CALLS, title, threads, load, series);
    }

    /** An order of its own for each round, the same in every run. */
    static <A> List<A> inTurn(List<A> alternatives, int round) {
        List<A> order = new ArrayList<>(alternatives);
        Collections.shuffle(order, new Random(round));
        return order;
    }

    private Slot measureBeside(Alternative alternative, int round, Duration length, int threads, ExecutorService lanes)
            throws InterruptedException {
        Alternative.UnderWay beside = alternative.beside().begin();
        Slot slot;
        try {
            slot = measure(alternative, round, length, threads, lanes);
        } finally {
            beside.close();
        }
        return slot;
    }

    private Slot measure(Alternative alternative, int round, Duration length, int threads, ExecutorService lanes)
            throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<LaneResult>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Lane lane = new Lane(round, i);
            Callable<LaneResult> task = () -> {
                ready.countDown();
                go.await();
                return calls(alternative, lane, length, failed);
            };
            running.add(lanes.submit(task));
        }
        ready.await();
        long begin = System.nanoTime();
        go.countDown();
        LatencyHistogram all = new LatencyHistogram();
        long end = begin;
        for (Future<LaneResult> lane : running) {
            try {
                LaneResult result = lane.get();
                all.addAll(result.latencies());
                end = Math.max(end, result.end());
            } catch (ExecutionException e) {
                throw new MeasurementFailedException(alternative.name(), e.getCause());
            }
        }
        return Slot.of(all, end - begin);
    }

    private static LaneResult calls(Alternative alternative, Lane lane, Duration length, AtomicBoolean failed)
            throws Exception {
        LatencyHistogram latencies = new LatencyHistogram();
        Alternative.Call call = alternative.call();
        long now = System.nanoTime();
        long deadline = now + length.toNanos();
        try {
            while (now < deadline && !failed.get()) {
                lane.keep(call.on(lane));
                long after = System.nanoTime();
                latencies.add(after - now);
                now = after;
            }
        } catch (Exception | Error e) {
            failed.set(true);
            throw e;
        }
        return new LaneResult(latencies, now);
    }

    private record LaneResult(LatencyHistogram latencies, long end) {}

    private static String line(String title, int threads, int round, Alternative alternative, Slot slot) {
        return String.format(
                Locale.ROOT,
                "%s, %d threads, %s: %s p50 %.1f µs, p99 %.1f µs, %.0f/s",
                title,
                threads,
                round < 0 ? "warm-up" : "round " + (round + 1),
                alternative.name(),
                slot.p50Micros(),
                slot.p99Micros(),
                slot.callsASecond());
    }
}
