package dev.switchover.examples.benchmarks.soak;

import dev.switchover.examples.benchmarks.harness.LatencyHistogram;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Callers who create, change, find, list and delete at a steady pace, each its own records, so that as many are created as are
 * deleted. Their number, their pace and the size of the records stay the same all the time. What they have written they tell, each
 * record's writes in their order.
 */
final class Callers implements AutoCloseable {

    private static final int CALLERS = 4;
    private static final int PAGE = 20;

    private final Repository<Entry, Long> repository;
    private final Entries entries;
    private final int recordsEach;
    private final long pauseNanos;
    private final Consumer<Write> told;
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final CompletionService<Void> running = new ExecutorCompletionService<>(threads);
    private LatencyHistogram latencies = new LatencyHistogram();
    private final AtomicLong ids = new AtomicLong();
    private volatile boolean ended;

    /**
     * @param callsASecond of all callers together, as long as the stores keep up
     * @param told of each write after it is done; the time that takes is not measured
     */
    Callers(Repository<Entry, Long> repository, Entries entries, int records, int callsASecond, Consumer<Write> told) {
        this.repository = repository;
        this.entries = entries;
        this.recordsEach = records / CALLERS;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(CALLERS) / callsASecond;
        this.told = told;
    }

    void start() {
        for (int i = 0; i < CALLERS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            running.submit(() -> {
                call(random);
                return null;
            });
        }
    }

    /** Of all calls since the last time this was asked. */
    synchronized LatencyHistogram taken() {
        LatencyHistogram taken = latencies;
        latencies = new LatencyHistogram();
        return taken;
    }

    private synchronized void add(long nanos) {
        latencies.add(nanos);
    }

    /** Lets them go on until then. @throws ExecutionException as soon as a call fails: nothing is told of the others then */
    void goOnUntil(long nanoTime) throws ExecutionException, InterruptedException {
        Future<Void> failed = running.poll(Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (failed != null) {
            failed.get();
        }
    }

    private void call(SplittableRandom random) throws InterruptedException {
        List<Long> own = new ArrayList<>();
        while (own.size() < recordsEach && !ended) {
            told.accept(create(own, random));
        }
        long due = System.nanoTime();
        while (!ended) {
            due += pauseNanos;
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            } else {
                due -= early;
            }
            long begin = System.nanoTime();
            Write write = one(own, random);
            add(System.nanoTime() - begin);
            told.accept(write);
        }
    }

    private Write one(List<Long> own, SplittableRandom random) {
        int which = random.nextInt(100);
        int at = random.nextInt(own.size());
        if (which < 45) {
            Entry saved = repository.save(entries.entry(own.get(at), random));
            return table -> table.update(saved);
        }
        if (which < 65 && own.size() <= recordsEach) {
            return create(own, random);
        }
        if (which < 65) {
            Long last = own.remove(own.size() - 1);
            Long id = at < own.size() ? own.set(at, last) : last;
            repository.delete(id);
            return table -> table.delete(id);
        }
        if (which >= 95) {
            repository.page(Query.all().limit(PAGE));
        } else if (repository.findById(own.get(at)).isEmpty()) {
            throw new IllegalStateException("Entry " + own.get(at) + " is lost");
        }
        return Write.NONE;
    }

    private Write create(List<Long> own, SplittableRandom random) {
        Entry created = repository.create(entries.entry(ids.incrementAndGet(), random));
        own.add(created.id());
        return table -> table.insert(created);
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
