package dev.switchover.examples.benchmarks.soak;

import dev.switchover.examples.benchmarks.harness.LatencyHistogram;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The same mixed load for a long time, phase after phase, each with a report of its own. Where a phase has a database, a plain table in
 * another database of the same server gets the same writes.
 */
public final class Soak {

    private static final int MINUTES = 30;
    private static final int RECORDS = 10_000;
    private static final int CALLS_A_SECOND = 200;
    private static final int SAMPLES = 120;
    private static final double MEBI = 1 << 20;

    private Soak() {}

    /** In a process of its own: where the reports go, then words. */
    public static void main(String[] arguments) throws Exception {
        run(List.of(arguments).subList(1, arguments.length), Path.of(arguments[0]));
    }

    /**
     * @param words how many minutes each phase takes, then the phases; none given means all
     * @param out where the reports go, on the disk that is to bear the load
     * @throws IllegalArgumentException naming what is not understood
     */
    static void run(List<String> words, Path out) throws Exception {
        Duration time = Duration.ofMinutes(words.isEmpty() ? MINUTES : Long.parseLong(words.get(0)));
        List<Phase> phases = words.size() <= 1
                ? List.of(Phase.values())
                : words.subList(1, words.size()).stream().map(Phase::valueOf).toList();
        Path work = Files.createTempDirectory(out, "soak-");
        try (Server server = Server.embedded(work.resolve("postgresql"))) {
            for (Phase phase : phases) {
                run(phase, time.dividedBy(SAMPLES), server, work, RECORDS).write(out);
            }
            System.out.println("Reports: " + out);
        } finally {
            Folders.delete(work);
        }
    }

    /** @param interval of one sample */
    static SoakReport run(Phase phase, Duration interval, Server server, Path work, int records) throws Exception {
        Path directory = Files.createTempDirectory(work, phase.name());
        boolean jsonOnly = phase == Phase.JSON_ONLY;
        Database database = server.create();
        Database plain = server.create();
        List<Sample> samples = new ArrayList<>();
        try (Repeater repeater = jsonOnly ? null : Repeater.open(plain);
                PhaseStorage storage = PhaseStorage.open(
                        phase.name(), phase, TableLayout.document(), directory, jsonOnly ? null : database);
                Callers callers = new Callers(
                        storage.repository(),
                        new Entries(300),
                        records,
                        CALLS_A_SECOND,
                        repeater == null ? write -> {} : repeater::repeat)) {
            callers.start();
            long begin = System.nanoTime();
            long taken = begin;
            for (int i = 1; i <= SAMPLES; i++) {
                callers.goOnUntil(begin + i * interval.toNanos());
                LatencyHistogram latencies = callers.taken();
                long now = System.nanoTime();
                double elapsed = (now - taken) / 1e9;
                taken = now;
                if (latencies.total() > 0) {
                    TableSizes repeated = repeater == null ? TableSizes.NONE : repeater.sizes();
                    samples.add(sample(
                            (now - begin) / 1e9,
                            elapsed,
                            latencies,
                            storage,
                            directory,
                            tableSizes(database),
                            repeated));
                }
            }
        } finally {
            server.drop(database);
            server.drop(plain);
        }
        if (samples.isEmpty()) {
            throw new IllegalStateException(phase + ": no call ended; give it more time");
        }
        System.out.println(phase + ": " + samples.size() + " samples");
        return new SoakReport(phase, samples);
    }

    private static Sample sample(
            double seconds,
            double elapsed,
            LatencyHistogram latencies,
            PhaseStorage storage,
            Path directory,
            TableSizes tables,
            TableSizes plain)
            throws IOException {
        System.gc();
        Sample sample = new Sample(
                seconds,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBI,
                bytes(directory) / MEBI,
                tables,
                plain,
                storage.status().pending(),
                latencies.quantile(0.50) / 1e3,
                latencies.quantile(0.99) / 1e3,
                latencies.total() / elapsed);
        System.out.println(String.format(Locale.ROOT, "%s %s", storage.name(), sample));
        return sample;
    }

    private static TableSizes tableSizes(Database database) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            return TableSizes.of(connection);
        }
    }

    /** Files come and go meanwhile. */
    private static long bytes(Path directory) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes.get();
    }
}
