package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.peers.ForcedAppend;
import dev.switchover.examples.benchmarks.peers.ReadModifyWrite;
import dev.switchover.examples.benchmarks.peers.RewrittenFile;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a durable save into a JSON file costs, and how that grows with the file. */
final class FileSaves implements Scenario {

    private static final int RECORD_BYTES = 300;

    @Override
    public String name() {
        return "files";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        Entries entries = new Entries(RECORD_BYTES);
        try (OpenStores open = new OpenStores()) {
            List<Alternative> saves = new ArrayList<>();
            ForcedAppend append =
                    open.add(ForcedAppend.open(bench.folder("append").resolve("entries.log")));
            saves.add(StoreCalls.save(
                    append, append.name(), entries, bench.scale().tableRecords()));
            for (int records : bench.scale().fileRecords()) {
                for (EntryStore store : stores(bench, open)) {
                    String name = String.format(Locale.ROOT, "%s, %,d records", store.name(), records);
                    bench.progress().accept("Loading: " + name);
                    store.load(entries.first(records));
                    saves.add(StoreCalls.save(store, name, entries, records));
                }
            }
            return List.of(new Section(bench.compare(
                    bench.scale().slowCalls(), "save into a file, records of " + RECORD_BYTES + " bytes", 1, saves)));
        }
    }

    private static List<EntryStore> stores(Bench bench, OpenStores open) throws Exception {
        return List.of(
                open.add(new RewrittenFile(bench.folder("rewritten").resolve("entries.json"))),
                open.add(new ReadModifyWrite(bench.folder("modified").resolve("entries.json"))));
    }
}
