package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.limits.MarkedUpserts;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.DelayingProxy;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a save costs while the mirror cannot be reached: in {@code JSON_PRIMARY} a database that is away or hangs, in {@code
 * DB_PRIMARY} a directory that is away, beside the least that a write there takes. What is measured begins after the first writes
 * have waited in vain.
 */
final class MirrorAway implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final int IN_VAIN = 10;
    private static final String DATABASE_AWAY = "JSON_PRIMARY, database away";
    private static final String DATABASE_HANGS = "JSON_PRIMARY, database hangs";
    private static final String DIRECTORY_AWAY = "DB_PRIMARY, directory away";

    private static final List<Against> AGAINST = List.of(
            new Against(DATABASE_AWAY, Phase.JSON_ONLY.name()),
            new Against(DATABASE_HANGS, Phase.JSON_ONLY.name()),
            new Against(MarkedUpserts.NAME, Phase.DB_ONLY.name()),
            new Against(MarkedUpserts.SHARED, Phase.DB_ONLY.name()),
            new Against(DIRECTORY_AWAY, MarkedUpserts.NAME),
            new Against(DIRECTORY_AWAY, MarkedUpserts.SHARED));

    @Override
    public String name() {
        return "mirror-away";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(RECORD_BYTES);
        List<Entry> first = entries.first(records);
        List<Section> sections = new ArrayList<>();
        try (OpenStores open = new OpenStores()) {
            List<EntryStore> stores = new ArrayList<>();
            for (Phase phase : List.of(Phase.DB_ONLY, Phase.JSON_ONLY)) {
                Database database = phase == Phase.JSON_ONLY ? null : open.database(bench.server());
                PhaseStorage alone = open.add(open(phase.name(), phase, bench.folder("alone"), database));
                alone.load(first);
                stores.add(alone);
            }
            for (boolean shared : List.of(false, true)) {
                MarkedUpserts limit = open.add(MarkedUpserts.open(open.database(bench.server()), shared));
                limit.load(first);
                stores.add(limit);
            }
            List<PhaseStorage> away = List.of(
                    databaseAway(bench, open, first),
                    databaseHangs(bench, open, first),
                    directoryAway(bench, open, first));
            stores.addAll(away);
            for (int threads : bench.scale().growth().threads()) {
                List<Alternative> saves = stores.stream()
                        .map(store -> StoreCalls.save(store, store.name(), entries, records))
                        .toList();
                sections.add(new Section(
                        bench.compare(bench.scale().calls(), "save, mirror away", threads, saves),
                        AGAINST,
                        away.stream()
                                .map(store -> atMost(store.name(), Phase.DB_ONLY.name(), Measure.P99, 1.2))
                                .toList()));
                away.forEach(MirrorAway::requireAway);
            }
        }
        return sections;
    }

    private static PhaseStorage databaseAway(Bench bench, OpenStores open, List<Entry> first) throws Exception {
        Path folder = bench.folder("database-away");
        Database database = open.database(bench.server());
        try (PhaseStorage before = open(DATABASE_AWAY, Phase.JSON_PRIMARY, folder, database)) {
            before.load(first);
        }
        PhaseStorage storage = open.add(open(DATABASE_AWAY, Phase.JSON_PRIMARY, folder, CatchUp.unreachable(database)));
        return waitedInVain(storage, first);
    }

    /** It takes whatever it is sent and never answers. */
    private static PhaseStorage databaseHangs(Bench bench, OpenStores open, List<Entry> first) throws Exception {
        Database database = open.database(bench.server());
        DelayingProxy proxy = open.add(DelayingProxy.open(database.host(), database.port(), Duration.ZERO));
        PhaseStorage storage = open.add(open(
                DATABASE_HANGS,
                Phase.JSON_PRIMARY,
                bench.folder("database-hangs"),
                database.at(proxy.host(), proxy.port())));
        storage.load(first);
        proxy.swallow();
        return waitedInVain(storage, first);
    }

    /** Somebody has moved it away, and put something else in its place. */
    private static PhaseStorage directoryAway(Bench bench, OpenStores open, List<Entry> first) throws Exception {
        Path folder = bench.folder("directory-away");
        PhaseStorage storage = open.add(open(DIRECTORY_AWAY, Phase.DB_PRIMARY, folder, open.database(bench.server())));
        storage.load(first);
        Files.move(folder, folder.resolveSibling(folder.getFileName() + "-moved"));
        Files.createFile(folder);
        return waitedInVain(storage, first);
    }

    private static PhaseStorage waitedInVain(PhaseStorage storage, List<Entry> first) {
        first.stream().limit(IN_VAIN).forEach(storage::save);
        requireAway(storage);
        return storage;
    }

    /** A mirror that works again makes writes dearer: whoever measured it then would measure something else. */
    private static void requireAway(PhaseStorage storage) {
        if (storage.status().pending() < IN_VAIN) {
            throw new IllegalStateException(storage.name() + ": the mirror works");
        }
    }

    private static PhaseStorage open(String name, Phase phase, Path folder, @Nullable Database database) {
        return PhaseStorage.open(name, phase, TableLayout.document(), folder, database);
    }
}
