package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.ForcedAppend;
import dev.switchover.examples.benchmarks.peers.ReadModifyWrite;
import dev.switchover.examples.benchmarks.peers.RewrittenFile;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
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
        List<Section> sections = new ArrayList<>();
        Entries entries = new Entries(RECORD_BYTES);
        try (OpenStores open = new OpenStores()) {
            Alternative append = append(bench, open, entries);
            List<Alternative> ours = new ArrayList<>();
            List<Alternative> peers = new ArrayList<>();
            List<Against> against = new ArrayList<>();
            for (int records : bench.scale().fileRecords()) {
                Alternative journal = loaded(bench, open.add(ours(bench)), entries, records);
                ours.add(journal);
                for (EntryStore peer : peers(bench, open)) {
                    Alternative rewriting = loaded(bench, peer, entries, records);
                    peers.add(rewriting);
                    against.add(new Against(rewriting.name(), journal.name()));
                }
            }
            Alternative smallest = ours.get(0);
            Alternative largest = ours.get(ours.size() - 1);
            against.add(0, new Against(largest.name(), smallest.name()));
            String title = "save into a file, records of " + RECORD_BYTES + " bytes";
            sections.add(
                    new Section(bench.compare(bench.scale().slowCalls(), title, 1, all(append, ours, peers)), against));
            for (int threads : bench.scale().threads()) {
                if (threads > 1) {
                    sections.add(new Section(
                            bench.compare(bench.scale().calls(), title, threads, all(append, ours, List.of()))));
                }
            }
        }
        return sections;
    }

    private static Alternative append(Bench bench, OpenStores open, Entries entries) throws Exception {
        ForcedAppend append = open.add(ForcedAppend.open(bench.folder("append").resolve("entries.log")));
        return StoreCalls.save(append, append.name(), entries, bench.scale().tableRecords());
    }

    private static EntryStore ours(Bench bench) throws Exception {
        return PhaseStorage.open(
                Phase.JSON_ONLY.name(), Phase.JSON_ONLY, TableLayout.document(), bench.folder("json-only"), null);
    }

    private static List<EntryStore> peers(Bench bench, OpenStores open) throws Exception {
        return List.of(
                open.add(new RewrittenFile(bench.folder("rewritten").resolve("entries.json"))),
                open.add(new ReadModifyWrite(bench.folder("modified").resolve("entries.json"))));
    }

    private static Alternative loaded(Bench bench, EntryStore store, Entries entries, int records) throws Exception {
        String name = String.format(Locale.ROOT, "%s, %,d records", store.name(), records);
        bench.progress().accept("Loading: " + name);
        store.load(entries.first(records));
        return StoreCalls.save(store, name, entries, records);
    }

    private static List<Alternative> all(Alternative first, List<Alternative> second, List<Alternative> third) {
        List<Alternative> all = new ArrayList<>(List.of(first));
        all.addAll(second);
        all.addAll(third);
        return all;
    }
}
