package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.limits.Copies;
import dev.switchover.examples.benchmarks.limits.WholeText;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
        Job copy = loading("limit: COPY of all columns by two connections", bench, copies -> copies.load(halves));
        return List.of(
                copy,
                loading("limit: the file taken apart first, then that", bench, copies -> {
                    WholeText.hashAndTakeApart(seed);
                    copies.load(halves);
                }),
                loading("limit: the file taken apart, that COPY, then compared through COPY by id", bench, copies -> {
                    WholeText.hashAndTakeApart(seed);
                    copies.load(halves);
                    copies.compareRecords(BY_ID, seed);
                }),
                new Job(
                        "limit: a first opening in JSON_ONLY, then that COPY",
                        () -> new FirstOpening(
                                WholeJobs.withFile(bench, seed),
                                copy.preparation().prepare())));
    }

    /** Of a file that has no versions yet: every record checked, versions given, the checkpoint on the disk. Then something else. */
    private static final class FirstOpening implements Job.Prepared {

        private final Path folder;
        private final Job.Prepared next;
        private @Nullable PhaseStorage opened;

        FirstOpening(Path folder, Job.Prepared next) {
            this.folder = folder;
            this.next = next;
        }

        @Override
        public void run() throws Exception {
            opened = PhaseStorage.open("first", Phase.JSON_ONLY, TableLayout.document(), folder, null);
            next.run();
        }

        @Override
        public void close() throws Exception {
            if (opened != null) {
                opened.close();
            }
            next.close();
            Folders.delete(folder);
        }
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
