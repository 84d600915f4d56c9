package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atLeast;
import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.Hibernate;
import dev.switchover.examples.benchmarks.peers.LaunchDarkly;
import dev.switchover.examples.benchmarks.peers.Outbox;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.peers.SpringData;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.report.Target;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** What {@code save} and {@code findById} cost in each phase, against the driver alone and against what others offer. */
final class PhaseCalls implements Scenario {

    private static final String DB_ONLY = Phase.DB_ONLY.name();
    private static final String DB_PRIMARY = Phase.DB_PRIMARY.name();
    private static final String JSON_PRIMARY = Phase.JSON_PRIMARY.name();
    private static final String JSON_ONLY = Phase.JSON_ONLY.name();

    /** What the second store costs, and ours against what others offer; the outbox notes only, and writes no second store. */
    private static final List<Against> SAVES = List.of(
            new Against(DB_PRIMARY, DB_ONLY),
            new Against(JSON_PRIMARY, DB_ONLY),
            new Against(JSON_PRIMARY, JSON_ONLY),
            new Against(DB_ONLY, SpringData.NAME),
            new Against(DB_ONLY, Hibernate.NAME),
            new Against(DB_PRIMARY, LaunchDarkly.LIVE),
            new Against(JSON_PRIMARY, LaunchDarkly.DUAL_WRITE),
            new Against(DB_PRIMARY, Outbox.NAME),
            new Against(JSON_PRIMARY, Outbox.NAME));

    private static final List<Against> FINDS =
            List.of(new Against(DB_ONLY, SpringData.NAME), new Against(DB_ONLY, Hibernate.NAME));

    @Override
    public String name() {
        return "phases";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Section> sections = new ArrayList<>();
        for (int bytes : bench.scale().recordBytes()) {
            try (OpenStores open = new OpenStores()) {
                List<EntryStore> readers = readers(bench, open);
                List<EntryStore> writers = new ArrayList<>(readers);
                writers.addAll(writers(bench, open));
                sections.addAll(measure(bench, bytes, writers, readers));
            }
        }
        return sections;
    }

    private static List<EntryStore> readers(Bench bench, OpenStores open) throws Exception {
        return List.of(
                open.add(RawDocument.open(open.database(bench.server()))),
                open.add(phase(bench, open, Phase.DB_ONLY)),
                open.add(phase(bench, open, Phase.DB_PRIMARY)),
                open.add(phase(bench, open, Phase.JSON_PRIMARY)),
                open.add(phase(bench, open, Phase.JSON_ONLY)),
                open.add(SpringData.open(open.database(bench.server()))),
                open.add(Hibernate.open(open.database(bench.server()))));
    }

    /** Those that do nothing else than the others when they read. */
    private static List<EntryStore> writers(Bench bench, OpenStores open) throws Exception {
        return List.of(
                open.add(LaunchDarkly.live(
                        phase(bench, open, Phase.JSON_ONLY), RawDocument.open(open.database(bench.server())))),
                open.add(LaunchDarkly.dualWrite(
                        phase(bench, open, Phase.JSON_ONLY), RawDocument.open(open.database(bench.server())))),
                open.add(Outbox.open(open.database(bench.server()))));
    }

    private static PhaseStorage phase(Bench bench, OpenStores open, Phase phase) throws Exception {
        Database database = phase == Phase.JSON_ONLY ? null : open.database(bench.server());
        return PhaseStorage.open(phase.name(), phase, TableLayout.document(), bench.folder(phase.name()), database);
    }

    private static List<Section> measure(Bench bench, int bytes, List<EntryStore> writers, List<EntryStore> readers)
            throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(bytes);
        List<Entry> first = entries.first(records);
        for (EntryStore store : writers) {
            bench.progress().accept("Loading " + records + " entries: " + store.name());
            store.load(first);
        }
        bench.server().checkpoint();
        List<Section> sections = new ArrayList<>();
        for (int threads : bench.scale().threads()) {
            List<Alternative> saves = writers.stream()
                    .map(store -> StoreCalls.save(store, store.name(), entries, records))
                    .toList();
            sections.add(new Section(
                    bench.compare(bench.scale().calls(), "save, records of " + bytes + " bytes", threads, saves),
                    SAVES,
                    wanted(threads)));
            StoreCalls.requireInSync(writers);
        }
        for (int threads : bench.scale().readers()) {
            List<Alternative> finds = readers.stream()
                    .map(store -> StoreCalls.find(store, store.name(), records))
                    .toList();
            sections.add(new Section(
                    bench.compare(bench.scale().calls(), "findById, records of " + bytes + " bytes", threads, finds),
                    FINDS,
                    threads == 1 ? List.of(atMost(DB_ONLY, RawDocument.NAME, Measure.P50, 1.15)) : List.of()));
        }
        return sections;
    }

    private static List<Target> wanted(int threads) {
        return switch (threads) {
            case 1 ->
                List.of(
                        atMost(DB_ONLY, RawDocument.NAME, Measure.P50, 1.15),
                        atMost(DB_PRIMARY, DB_ONLY, Measure.P50, 1.25),
                        atMost(DB_PRIMARY, LaunchDarkly.LIVE, Measure.P50, 0.7),
                        atMost(JSON_PRIMARY, DB_ONLY, Measure.P50, 1.4));
            case 16 ->
                List.of(
                        atLeast(DB_ONLY, RawDocument.NAME, Measure.THROUGHPUT, 1.8),
                        atLeast(JSON_PRIMARY, LaunchDarkly.DUAL_WRITE, Measure.THROUGHPUT, 1.7),
                        atMost(DB_PRIMARY, RawDocument.NAME, Measure.P99, 0.5));
            case 64 -> List.of(atLeast(DB_ONLY, RawDocument.NAME, Measure.THROUGHPUT, 3));
            default -> List.of();
        };
    }
}
