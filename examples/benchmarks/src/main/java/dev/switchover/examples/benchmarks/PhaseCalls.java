package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.util.ArrayList;
import java.util.List;

/** What {@code save} and {@code findById} cost in each phase, against the driver alone. */
final class PhaseCalls implements Scenario {

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
        Database raw = bench.server().create();
        open.atClose(() -> bench.server().drop(raw));
        stores.add(open.add(RawDocument.open(raw)));
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
                    bench.compare(bench.scale().calls(), "save, records of " + bytes + " bytes", threads, saves)));
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
}
