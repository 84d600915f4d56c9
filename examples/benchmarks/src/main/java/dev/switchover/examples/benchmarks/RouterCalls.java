package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.ours.JsonAlone;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.LaunchDarkly;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.util.List;

/**
 * What stands between a caller and the store: the same find on the JSON store itself, through the router in {@code JSON_ONLY}, and
 * through LaunchDarkly's migration at the stage that reads the old store alone. A thousand at a time, for one takes little more
 * than reading the clock. Then what the two layers cost by themselves, in time and in bytes. The time is that of finds that find
 * nothing: binding a record takes ten times as long as what is looked for, and what it takes differs by more. That of a save cannot
 * be told from the disk's: of it there are the bytes only.
 */
final class RouterCalls implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final int AT_ONCE = 1_000;

    @Override
    public String name() {
        return "router";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(RECORD_BYTES);
        List<Entry> first = entries.first(records);
        try (OpenStores open = new OpenStores()) {
            Layers layers = new Layers(
                    open.add(JsonAlone.open(bench.folder("alone"))),
                    open.add(PhaseStorage.open(
                            Phase.JSON_ONLY.name(),
                            Phase.JSON_ONLY,
                            TableLayout.document(),
                            bench.folder("routed"),
                            null)),
                    open.add(LaunchDarkly.off(
                            JsonAlone.open(bench.folder("flagged")), RawDocument.open(open.database(bench.server())))));
            List<EntryStore> stores = List.of(layers.direct(), layers.ours(), layers.peer());
            for (EntryStore store : stores) {
                store.load(first);
            }
            Comparison found = bench.compare(
                    bench.scale().calls(),
                    "1,000 times findById in JSON",
                    1,
                    stores.stream().map(store -> manyFinds(store, records)).toList());
            Comparison missed = bench.compare(
                    bench.scale().calls(),
                    "1,000 times findById in JSON of what is not there",
                    1,
                    stores.stream().map(store -> manyMisses(store, records)).toList());
            return List.of(
                    new Section(found),
                    new Section(missed),
                    layers.time(missed, AT_ONCE),
                    layers.allocatedByFind(records),
                    layers.allocatedBySave(entries, records));
        }
    }

    private static Alternative manyFinds(EntryStore store, int records) {
        return new Alternative(store.name(), lane -> {
            Entry last = null;
            for (int i = 0; i < AT_ONCE; i++) {
                last = store.find(1L + lane.random().nextInt(records));
                if (last == null) {
                    throw new IllegalStateException(store.name() + " has lost an entry");
                }
            }
            return last;
        });
    }

    private static Alternative manyMisses(EntryStore store, int records) {
        return new Alternative(store.name(), lane -> {
            Entry last = null;
            for (int i = 0; i < AT_ONCE; i++) {
                last = store.find(1L + records + lane.random().nextInt(records));
                if (last != null) {
                    throw new IllegalStateException(store.name() + " has an entry that nobody saved");
                }
            }
            return last;
        });
    }
}
