package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How cost grows with the number of records and with the size of one, each phase against itself with the fewest or the smallest.
 * Saves into JSON alone by number are those of {@link FileSaves}.
 */
final class Sizes implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final List<Phase> PHASES = List.of(Phase.DB_ONLY, Phase.DB_PRIMARY, Phase.JSON_ONLY);

    @Override
    public String name() {
        return "sizes";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Integer> records = bench.scale().growth().records();
        List<Integer> bytes = bench.scale().growth().recordBytes();
        List<Section> sections = new ArrayList<>();
        for (Phase phase : PHASES) {
            List<Size> byNumber = records.stream()
                    .map(count -> new Size(String.format(Locale.ROOT, "%,d records", count), count, RECORD_BYTES))
                    .toList();
            sections.addAll(measured(bench, phase, "by number", byNumber, phase != Phase.JSON_ONLY));
        }
        if (bytes.size() > 1) {
            for (Phase phase : PHASES) {
                List<Size> bySize = bytes.stream()
                        .map(length ->
                                new Size(String.format(Locale.ROOT, "%,d bytes each", length), records.get(0), length))
                        .toList();
                sections.addAll(measured(bench, phase, "by size", bySize, true));
            }
        }
        return sections;
    }

    private record Size(String name, int records, int bytes) {}

    private static List<Section> measured(Bench bench, Phase phase, String by, List<Size> sizes, boolean saved)
            throws Exception {
        List<Section> sections = new ArrayList<>();
        try (OpenStores open = new OpenStores()) {
            List<PhaseStorage> stores = new ArrayList<>();
            List<Alternative> saves = new ArrayList<>();
            List<Alternative> finds = new ArrayList<>();
            for (Size size : sizes) {
                Database database = phase == Phase.JSON_ONLY ? null : open.database(bench.server());
                PhaseStorage store = open.add(PhaseStorage.open(
                        size.name(), phase, TableLayout.document(), bench.folder(phase.name()), database));
                bench.progress().accept("Loading, " + phase + ": " + size.name());
                Entries entries = new Entries(size.bytes());
                store.load(entries.first(size.records()));
                stores.add(store);
                saves.add(StoreCalls.save(store, size.name(), entries, size.records()));
                finds.add(StoreCalls.find(store, size.name(), size.records()));
            }
            bench.server().checkpoint();
            String title = " in " + phase + ", " + by;
            if (saved) {
                sections.add(new Section(bench.compare(bench.scale().growth().plan(), "save" + title, 1, saves)));
                stores.forEach(PhaseStorage::requireInSync);
            }
            sections.add(new Section(bench.compare(bench.scale().growth().plan(), "findById" + title, 1, finds)));
        }
        return sections;
    }
}
