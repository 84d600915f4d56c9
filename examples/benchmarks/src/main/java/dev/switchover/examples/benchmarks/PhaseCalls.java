package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** What {@code save} and {@code findById} cost in each phase, against the driver alone. */
final class PhaseCalls implements Scenario {

    private static final List<Phase> PHASES =
            List.of(Phase.DB_ONLY, Phase.DB_PRIMARY, Phase.JSON_PRIMARY, Phase.JSON_ONLY);

    /** What the second store costs. */
    private static final List<Against> MIRRORED = List.of(
            new Against(Phase.DB_PRIMARY.name(), Phase.DB_ONLY.name()),
            new Against(Phase.JSON_PRIMARY.name(), Phase.DB_ONLY.name()),
            new Against(Phase.JSON_PRIMARY.name(), Phase.JSON_ONLY.name()));

    @Override
    public String name() {
        return "phases";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Section> sections = new ArrayList<>();
        for (int bytes : bench.scale().recordBytes()) {
            try (OpenStores open = new OpenStores()) {
                sections.addAll(measure(bench, bytes, stores(bench, open)));
            }
        }
        return sections;
    }

    private static List<EntryStore> stores(Bench bench, OpenStores open) throws Exception {
        List<EntryStore> stores = new ArrayList<>();
        stores.add(open.add(RawDocument.open(open.database(bench.server()))));
        for (Phase phase : PHASES) {
            Database database = phase == Phase.JSON_ONLY ? null : open.database(bench.server());
            stores.add(open.add(PhaseStorage.open(
                    phase.name(), phase, TableLayout.document(), bench.folder(phase.name()), database)));
        }
        return stores;
    }

    private static List<Section> measure(Bench bench, int bytes, List<EntryStore> stores) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(bytes);
        List<Entry> first = entries.first(records);
        for (EntryStore store : stores) {
            bench.progress().accept("Loading " + records + " entries: " + store.name());
            store.load(first);
        }
        bench.server().checkpoint();
        List<Section> sections = new ArrayList<>();
        for (int threads : bench.scale().threads()) {
            List<Alternative> saves = stores.stream()
                    .map(store -> StoreCalls.save(store, store.name(), entries, records))
                    .toList();
            sections.add(new Section(
                    bench.compare(bench.scale().calls(), "save, records of " + bytes + " bytes", threads, saves),
                    MIRRORED));
            requireInSync(stores);
        }
        for (int threads : bench.scale().threads()) {
            List<Alternative> finds = stores.stream()
                    .map(store -> StoreCalls.find(store, store.name(), records))
                    .toList();
            sections.add(new Section(
                    bench.compare(bench.scale().calls(), "findById, records of " + bytes + " bytes", threads, finds)));
        }
        return sections;
    }

    private static void requireInSync(List<EntryStore> stores) {
        for (EntryStore store : stores) {
            if (store instanceof PhaseStorage ours) {
                ours.requireInSync();
            }
        }
    }
}
