package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.limits.Copies;
import dev.switchover.examples.benchmarks.limits.WholeText;
import dev.switchover.examples.benchmarks.stage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The least that a whole job takes on this machine, to be measured in turn with it. */
final class JobLimits {

    private static final String BY_ID = "SELECT id, body FROM entries ORDER BY id";
    private static final String VERSIONS = "SELECT id, switchover_version FROM entries";

    private JobLimits() {}

    /** @param seed a JSON file */
    static List<Job> opening(Path seed) {
        return List.of(
                new Job("limit: the file hashed", () -> () -> WholeText.hash(seed)),
                new Job(
                        "limit: the file hashed, and taken apart beside it",
                        () -> () -> WholeText.hashAndTakeApart(seed)));
    }

    /**
     * @param rows the same records as {@code Psql.writeRows} has written them
     * @param records how many
     */
    static List<Job> loading(Bench bench, Path seed, Path rows, int records) throws Exception {
        Path folder = bench.folder("binary");
        List<Path> halves = List.of(folder.resolve("first"), folder.resolve("second"));
        Copies.writeRows(rows, records, halves);
        return List.of(
                loading("limit: COPY of all columns by two connections", bench, copies -> copies.load(halves)),
                loading("limit: the file taken apart first, then that", bench, copies -> {
                    WholeText.hashAndTakeApart(seed);
                    copies.load(halves);
                }));
    }

    private interface Loading {
        void load(Copies copies) throws Exception;
    }

    private static Job loading(String name, Bench bench, Loading loading) {
        return new Job(name, () -> {
            Database database = bench.server().create();
            Copies copies = new Copies(database);
            copies.createTable();
            return new Job.Prepared() {
                @Override
                public void run() throws Exception {
                    loading.load(copies);
                }

                @Override
                public void close() throws Exception {
                    bench.server().drop(database);
                }
            };
        });
    }

    /** @param database one with the library's table of entries */
    static List<Job> reading(Bench bench, Database database) throws Exception {
        Path out = bench.folder("limits");
        Path before = out.resolve("before");
        Copies copies = new Copies(database);
        copies.export(BY_ID, before);
        AtomicInteger exports = new AtomicInteger();
        return List.of(
                new Job("limit: COPY by id", () -> () -> copies.drain(BY_ID)),
                new Job("limit: COPY by id into a file, read back", () -> {
                    Path into = out.resolve("export-" + exports.incrementAndGet());
                    return new Job.Prepared() {
                        @Override
                        public void run() throws Exception {
                            copies.export(BY_ID, into);
                        }

                        @Override
                        public void close() throws Exception {
                            Files.delete(into);
                        }
                    };
                }),
                new Job("limit: COPY by id, compared", () -> () -> copies.compare(BY_ID, before)),
                new Job("limit: COPY of ids and versions as they lie", () -> () -> copies.drain(VERSIONS)));
    }
}
