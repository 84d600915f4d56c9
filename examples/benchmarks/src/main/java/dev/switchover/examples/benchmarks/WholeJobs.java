package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.Psql;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The migration itself, and what moves or compares everything, against {@code psql \copy} of the same rows. */
final class WholeJobs implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final String FILE = "entries.json";

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().jobRecords();
        String of = String.format(Locale.ROOT, "%,d records of %d bytes", records, RECORD_BYTES);
        Path seed = seed(bench, records);
        List<Section> sections = new ArrayList<>();
        sections.add(opening(bench, of, seed));
        if (!Psql.isThere()) {
            bench.progress().accept("No psql on the PATH: what is measured against it is left out");
            return sections;
        }
        Path rows = bench.folder("rows").resolve("rows.tsv");
        Psql.writeRows(rows, new Entries(RECORD_BYTES).first(records));
        sections.add(loading(bench, of, seed, rows, JobLimits.loading(bench, seed, rows, records)));
        sections.add(reading(bench, of, seed, rows));
        return sections;
    }

    /** The file as a service has it before it knows the library. */
    private static Path seed(Bench bench, int records) throws Exception {
        Path folder = bench.folder("seed");
        try (PhaseStorage json = open("the seed", Phase.JSON_ONLY, folder, null)) {
            json.load(new Entries(RECORD_BYTES).first(records));
        }
        Path file = bench.folder("plain").resolve(FILE);
        Files.move(folder.resolve(FILE), file);
        return file;
    }

    private static PhaseStorage open(String name, Phase phase, Path folder, @Nullable Database database) {
        return PhaseStorage.open(name, phase, TableLayout.document(), folder, database);
    }

    private static Section opening(Bench bench, String of, Path seed) throws Exception {
        Path folder = withFile(bench, seed);
        open("before", Phase.JSON_ONLY, folder, null).close();
        Job scan = new Job("a scan of the file's lines", () -> () -> {
            try (var lines = Files.lines(seed)) {
                if (lines.mapToLong(String::length).sum() == 0) {
                    throw new IllegalStateException("The file is empty");
                }
            }
        });
        Job ours = new Job(Phase.JSON_ONLY.name(), () -> opened(() -> open("opening", Phase.JSON_ONLY, folder, null)));
        return new Section(
                bench.jobs("open a JSON store, " + of, with(List.of(scan, ours), JobLimits.opening(seed))),
                List.of(),
                List.of(atMost(ours.name(), scan.name(), Measure.P50, 2)));
    }

    private static Section loading(Bench bench, String of, Path seed, Path rows, List<Job> limits) {
        Job copy = new Job("psql \\copy from", () -> {
            Database database = bench.server().create();
            Psql psql = new Psql(database);
            psql.run("CREATE TABLE entries (id bigint PRIMARY KEY, body json NOT NULL)");
            return new Job.Prepared() {
                @Override
                public void run() throws Exception {
                    psql.run("\\copy entries from '" + rows + "'");
                }

                @Override
                public void close() throws Exception {
                    bench.server().drop(database);
                }
            };
        });
        Job backfill = new Job("backfill", () -> new Migration(bench, seed, false));
        Job migration = new Job("backfill and verify", () -> new Migration(bench, seed, true));
        return new Section(
                bench.jobs("file to table, " + of, with(List.of(copy, backfill, migration), limits)),
                List.of(),
                List.of(
                        atMost(backfill.name(), copy.name(), Measure.P50, 1.0),
                        atMost(migration.name(), copy.name(), Measure.P50, 1.25)));
    }

    /** In {@code DB_PRIMARY}, so that what is exported comes from the table. */
    private static Section reading(Bench bench, String of, Path seed, Path rows) throws Exception {
        Path folder = withFile(bench, seed);
        Path out = bench.folder("out");
        Database database = bench.server().create();
        Database alone = bench.server().create();
        AtomicInteger exports = new AtomicInteger();
        try {
            try (PhaseStorage before = open("before", Phase.JSON_PRIMARY, folder, database)) {
                before.requireInSync();
            }
            try (PhaseStorage ours = open("reading", Phase.DB_PRIMARY, folder, database);
                    LittleHeap little = LittleHeap.open(bench, alone, rows)) {
                ours.requireInSync();
                Psql psql = new Psql(database);
                Job copy = new Job(
                        "psql \\copy to, by id",
                        () -> () -> psql.run("\\copy (select id, body from entries order by id) to '"
                                + out.resolve("copied.tsv") + "'"));
                Job export = new Job("export, read back", () -> {
                    Path into = out.resolve("export-" + exports.incrementAndGet());
                    return () -> ours.exportTo(into);
                });
                Job verify = new Job("verify", () -> ours::requireEqual);
                Job quick = new Job("quick verify", () -> ours::requireEqualVersions);
                return new Section(
                        bench.jobs(
                                "read everything, " + of,
                                with(
                                        List.of(copy, export, little.job(), little.newProcess(), verify, quick),
                                        JobLimits.reading(bench, database))),
                        List.of(),
                        List.of(
                                atMost(export.name(), copy.name(), Measure.P50, 1.1),
                                atMost(little.job().name(), copy.name(), Measure.P50, 1.1),
                                atMost(little.newProcess().name(), copy.name(), Measure.P50, 1.1),
                                atMost(verify.name(), copy.name(), Measure.P50, 1.15),
                                atMost(quick.name(), verify.name(), Measure.P50, 0.25)));
            }
        } finally {
            bench.server().drop(database);
            bench.server().drop(alone);
        }
    }

    private static List<Job> with(List<Job> jobs, List<Job> limits) {
        return Stream.concat(jobs.stream(), limits.stream()).toList();
    }

    /** A new folder with a copy of it. */
    static Path withFile(Bench bench, Path seed) throws Exception {
        Path folder = bench.folder("directory");
        Path file = folder.resolve(FILE);
        Files.copy(seed, file);
        // As a file that has been lying there: a start forces what it finds.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return folder;
    }

    private interface Opening {
        PhaseStorage open();
    }

    private static Job.Prepared opened(Opening opening) {
        return new Job.Prepared() {
            private final List<PhaseStorage> open = new ArrayList<>();

            @Override
            public void run() {
                open.add(opening.open());
            }

            @Override
            public void close() {
                open.forEach(PhaseStorage::close);
            }
        };
    }

    /** From a file nobody has touched to a table that has all of it. */
    private static final class Migration implements Job.Prepared {

        private final Bench bench;
        private final boolean verified;
        private final Path folder;
        private final Database database;
        private final List<PhaseStorage> open = new ArrayList<>();

        Migration(Bench bench, Path seed, boolean verified) throws Exception {
            this.bench = bench;
            this.verified = verified;
            this.folder = withFile(bench, seed);
            this.database = bench.server().create();
        }

        @Override
        public void run() {
            PhaseStorage storage = WholeJobs.open("migration", Phase.JSON_PRIMARY, folder, database);
            open.add(storage);
            storage.requireInSync();
            if (verified) {
                storage.requireEqual();
            }
        }

        @Override
        public void close() throws Exception {
            open.forEach(PhaseStorage::close);
            bench.server().drop(database);
            Folders.delete(folder);
        }
    }
}
