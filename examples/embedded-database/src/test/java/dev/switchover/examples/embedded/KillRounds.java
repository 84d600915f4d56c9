package dev.switchover.examples.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A service in a process of its own that is started, looked at, written to by several threads and killed (SIGKILL), again and
 * again, at moments that a seed gives: mostly while it serves, now and then while it starts.
 *
 * @param <P> what is different from round to round: the phase
 */
public final class KillRounds<P> {

    /** SIGKILL, as the JVM tells it. */
    private static final int KILLED = 137;

    private static final int ONE_IN = 5;

    private final Service<P> service;
    private final Acknowledged acknowledged;
    private final int writers;
    private final int longest;
    private int whileStarting;

    /**
     * @param acknowledged tells when the process has answered first
     * @param longest milliseconds that a process lives at most, mostly from its first answer, now and then from when it was started or
     *     serves
     */
    public KillRounds(Service<P> service, Acknowledged acknowledged, int writers, int longest) {
        this.service = service;
        this.acknowledged = acknowledged;
        this.writers = writers;
        this.longest = longest;
    }

    /** What is killed. */
    public interface Service<P> {

        ChildJvm start(P phase);

        /** Waits until it serves, and compares what it has with what it acknowledged. */
        void awaitAndCompare(ChildJvm child);

        /** Sends requests until the process is gone. */
        void write(ChildJvm child, int writer) throws Exception;
    }

    /** A round for each phase. The last start is the caller's. */
    public void play(List<P> phases, long seed) throws Exception {
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (P phase : phases) {
                try (ChildJvm child = service.start(phase)) {
                    int moment = random.nextInt(ONE_IN);
                    if (moment == 0) {
                        whileStarting++;
                        killLater(child, random).join();
                    } else {
                        service.awaitAndCompare(child);
                        killWhileWriting(child, moment > 1, random, threads);
                    }
                    int code = child.exitCode();
                    if (code != KILLED) {
                        throw new AssertionError(
                                "In " + phase + " it ended by itself with " + code + "\n" + child.out() + child.err());
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** How many of the processes were killed before they served, as far as this is known. */
    public int whileStarting() {
        return whileStarting;
    }

    private void killWhileWriting(ChildJvm child, boolean onceItAnswers, Random random, ExecutorService threads)
            throws Exception {
        int before = acknowledged.answers();
        List<Future<Boolean>> all = new ArrayList<>();
        for (int number = 0; number < writers; number++) {
            int writer = number;
            all.add(threads.submit(() -> {
                service.write(child, writer);
                return true;
            }));
        }
        if (onceItAnswers) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> acknowledged.answers() > before || all.stream().anyMatch(Future::isDone));
        }
        CompletableFuture<Void> kill = killLater(child, random);
        for (Future<Boolean> ended : all) {
            try {
                ended.get();
            } catch (ExecutionException e) {
                throw new AssertionError("A writer failed\n" + child.out() + child.err(), e.getCause());
            }
        }
        kill.join();
    }

    private CompletableFuture<Void> killLater(ChildJvm child, Random random) {
        return CompletableFuture.runAsync(
                child::kill, CompletableFuture.delayedExecutor(random.nextInt(longest), TimeUnit.MILLISECONDS));
    }
}
