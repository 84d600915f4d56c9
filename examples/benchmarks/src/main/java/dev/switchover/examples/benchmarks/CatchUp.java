package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How long a mirror takes to catch up after an outage, against threads that write the same records. */
final class CatchUp implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final int THREADS = 16;

    @Override
    public String name() {
        return "catch-up";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().pendingRecords();
        List<Entry> entries = new Entries(RECORD_BYTES).first(records);
        try (OpenStores open = new OpenStores()) {
            RawDocument raw = open.add(RawDocument.open(open.database(bench.server())));
            raw.load(entries);
            Job upserts = new Job(RawDocument.NAME + ", " + THREADS + " threads", () -> () -> saveAll(raw, entries));
            Path folder = bench.folder("catch-up");
            Database database = open.database(bench.server());
            try (PhaseStorage first = storage(folder, database)) {
                first.load(entries);
            }
            Job catchUp = new Job("mirror, from start to in sync", () -> {
                try (PhaseStorage away = storage(folder, unreachable(database))) {
                    away.saveAll(entries);
                }
                return new Opened(folder, database);
            });
            return List.of(new Section(
                    bench.jobs(
                            String.format(Locale.ROOT, "catch up with %,d pending records", records),
                            List.of(upserts, catchUp)),
                    List.of(),
                    List.of(atMost(catchUp.name(), upserts.name(), Measure.P50, 1.0 / 6))));
        }
    }

    private static PhaseStorage storage(Path folder, Database database) {
        return PhaseStorage.open("catching up", Phase.JSON_PRIMARY, TableLayout.document(), folder, database);
    }

    /** The same database where nobody listens. */
    static Database unreachable(Database database) {
        return database.at(database.host(), 1);
    }

    private static void saveAll(EntryStore store, List<Entry> entries) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int lane = i;
                all.add(threads.submit(() -> {
                    for (int at = lane; at < entries.size(); at += THREADS) {
                        store.save(entries.get(at));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static final class Opened implements Job.Prepared {

        private final Path folder;
        private final Database database;
        private final List<PhaseStorage> open = new ArrayList<>();

        Opened(Path folder, Database database) {
            this.folder = folder;
            this.database = database;
        }

        @Override
        public void run() {
            PhaseStorage storage = storage(folder, database);
            open.add(storage);
            storage.requireInSync();
        }

        @Override
        public void close() {
            open.forEach(PhaseStorage::close);
        }
    }
}
