package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.RawColumns;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.util.ArrayList;
import java.util.List;

/** The same calls where each property has a column of its own. */
final class ColumnCalls implements Scenario {

    private static final int RECORD_BYTES = 300;

    @Override
    public String name() {
        return "columns";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(RECORD_BYTES);
        List<Section> sections = new ArrayList<>();
        try (OpenStores open = new OpenStores()) {
            List<EntryStore> stores = List.of(
                    open.add(RawColumns.open(open.database(bench.server()))),
                    open.add(PhaseStorage.open(
                            "DB_ONLY, columns",
                            Phase.DB_ONLY,
                            TableLayout.columns(),
                            bench.folder("columns"),
                            open.database(bench.server()))));
            for (EntryStore store : stores) {
                bench.progress().accept("Loading: " + store.name());
                store.load(entries.first(records));
            }
            bench.server().checkpoint();
            for (int threads : bench.scale().growth().threads()) {
                List<Alternative> saves = stores.stream()
                        .map(store -> StoreCalls.save(store, store.name(), entries, records))
                        .toList();
                sections.add(new Section(bench.compare(
                        bench.scale().calls(),
                        "save into columns, records of " + RECORD_BYTES + " bytes",
                        threads,
                        saves)));
            }
            for (int threads : bench.scale().growth().threads()) {
                List<Alternative> finds = stores.stream()
                        .map(store -> StoreCalls.find(store, store.name(), records))
                        .toList();
                sections.add(new Section(bench.compare(
                        bench.scale().calls(),
                        "findById from columns, records of " + RECORD_BYTES + " bytes",
                        threads,
                        finds)));
            }
        }
        return sections;
    }
}
