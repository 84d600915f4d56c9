package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atLeast;
import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.limits.KeptAppends;
import dev.switchover.examples.benchmarks.limits.SharedForce;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.ForcedAppend;
import dev.switchover.examples.benchmarks.peers.Jsondb;
import dev.switchover.examples.benchmarks.peers.ReadModifyWrite;
import dev.switchover.examples.benchmarks.peers.RewrittenFile;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.report.Target;
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
    private static final int MANY = 100_000;

    @Override
    public String name() {
        return "files";
    }

    /** What is measured, and by what names. */
    private record Saves(
            List<Alternative> ours,
            List<Alternative> peers,
            List<Alternative> finds,
            List<Against> against,
            List<Target> targets) {
        Saves() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Section> sections = new ArrayList<>();
        Entries entries = new Entries(RECORD_BYTES);
        try (OpenStores open = new OpenStores()) {
            Alternative append = append(bench, open, entries);
            List<Alternative> limits = limits(bench, open, entries);
            Saves saves = saves(bench, open, entries);
            String title = "save into a file, records of " + RECORD_BYTES + " bytes";
            sections.add(new Section(
                    bench.compare(bench.scale().slowCalls(), title, 1, all(append, saves.ours, saves.peers)),
                    saves.against,
                    saves.targets));
            // The largest that peers write too.
            String large =
                    saves.ours.get(bench.scale().fileRecords().size() - 1).name();
            for (int threads : bench.scale().threads()) {
                if (threads > 1) {
                    sections.add(new Section(
                            bench.compare(bench.scale().calls(), title, threads, all(append, limits, saves.ours)),
                            limits.stream()
                                    .map(limit -> new Against(large, limit.name()))
                                    .toList(),
                            threads == 16
                                    ? List.of(atLeast(large, ForcedAppend.NAME, Measure.THROUGHPUT, 8))
                                    : List.of()));
                }
            }
            sections.add(new Section(
                    bench.compare(bench.scale().calls(), "findById in a file, bound to a record", 1, saves.finds),
                    List.of(),
                    List.of(atMost(saves.finds.get(1).name(), saves.finds.get(0).name(), Measure.P50, 0.7))));
        }
        return sections;
    }

    private static Saves saves(Bench bench, OpenStores open, Entries entries) throws Exception {
        Saves saves = new Saves();
        for (int records : bench.scale().fileRecords()) {
            EntryStore store = open.add(ours(bench));
            Alternative journal = loaded(bench, store, entries, records);
            saves.ours.add(journal);
            for (EntryStore peer : peers(bench, open)) {
                Alternative rewriting = loaded(bench, peer, entries, records);
                saves.peers.add(rewriting);
                saves.against.add(new Against(rewriting.name(), journal.name()));
                double target = peer instanceof ReadModifyWrite ? 1_000 : peer instanceof Jsondb ? 500 : 0;
                if (target > 0 && records >= MANY) {
                    saves.targets.add(atLeast(rewriting.name(), journal.name(), Measure.P50, target));
                }
                if (peer instanceof Jsondb) {
                    saves.finds.clear();
                    saves.finds.add(StoreCalls.find(peer, name(peer, records), records));
                    saves.finds.add(StoreCalls.find(store, name(store, records), records));
                }
            }
        }
        Alternative largest =
                loaded(bench, open.add(ours(bench)), entries, bench.scale().mostFileRecords());
        saves.ours.add(largest);
        String smallest = saves.ours.get(0).name();
        saves.against.add(0, new Against(largest.name(), smallest));
        saves.targets.add(0, atMost(largest.name(), smallest, Measure.P50, 1.2));
        return saves;
    }

    private static Alternative append(Bench bench, OpenStores open, Entries entries) throws Exception {
        ForcedAppend append = open.add(ForcedAppend.open(bench.folder("append").resolve("entries.log")));
        return StoreCalls.save(append, append.name(), entries, bench.scale().tableRecords());
    }

    /** Of a crowd: what sharing a force comes to, without what makes it safe. */
    private static List<Alternative> limits(Bench bench, OpenStores open, Entries entries) throws Exception {
        SharedForce sharing = open.add(SharedForce.open(bench.folder("shared").resolve("entries.log")));
        KeptAppends keeping = open.add(KeptAppends.open(bench.folder("kept").resolve("entries.log")));
        keeping.load(entries.first(MANY));
        return List.of(
                StoreCalls.save(sharing, sharing.name(), entries, MANY),
                StoreCalls.save(keeping, keeping.name(), entries, MANY));
    }

    private static EntryStore ours(Bench bench) throws Exception {
        return PhaseStorage.open(
                Phase.JSON_ONLY.name(), Phase.JSON_ONLY, TableLayout.document(), bench.folder("json-only"), null);
    }

    private static List<EntryStore> peers(Bench bench, OpenStores open) throws Exception {
        return List.of(
                open.add(new RewrittenFile(bench.folder("rewritten").resolve("entries.json"))),
                open.add(new ReadModifyWrite(bench.folder("modified").resolve("entries.json"))),
                open.add(new Jsondb(bench.folder("jsondb"))));
    }

    private static Alternative loaded(Bench bench, EntryStore store, Entries entries, int records) throws Exception {
        String name = name(store, records);
        bench.progress().accept("Loading: " + name);
        store.load(entries.first(records));
        return StoreCalls.save(store, name, entries, records);
    }

    private static String name(EntryStore store, int records) {
        return String.format(Locale.ROOT, "%s, %,d records", store.name(), records);
    }

    private static List<Alternative> all(Alternative first, List<Alternative> second, List<Alternative> third) {
        List<Alternative> all = new ArrayList<>(List.of(first));
        all.addAll(second);
        all.addAll(third);
        return all;
    }
}
