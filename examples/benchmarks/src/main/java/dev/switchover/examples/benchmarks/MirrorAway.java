package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a save costs while the mirror cannot be reached: a database that is away, in {@code JSON_PRIMARY}. */
final class MirrorAway implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final String AWAY = "JSON_PRIMARY, database away";

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
            PhaseStorage alone = open.add(PhaseStorage.open(
                    Phase.JSON_ONLY.name(), Phase.JSON_ONLY, TableLayout.document(), bench.folder("alone"), null));
            alone.load(first);
            Path folder = bench.folder("away");
            Database database = open.database(bench.server());
            try (PhaseStorage before = open(folder, database)) {
                before.load(first);
            }
            PhaseStorage away = open.add(open(folder, CatchUp.unreachable(database)));
            for (int threads : bench.scale().growth().threads()) {
                List<Alternative> saves = List.of(
                        StoreCalls.save(alone, alone.name(), entries, records),
                        StoreCalls.save(away, away.name(), entries, records));
                sections.add(new Section(
                        bench.compare(bench.scale().calls(), "save, mirror away", threads, saves),
                        List.of(),
                        List.of(atMost(AWAY, alone.name(), Measure.P99, 1.2))));
            }
        }
        return sections;
    }

    private static PhaseStorage open(Path folder, Database database) {
        return PhaseStorage.open(AWAY, Phase.JSON_PRIMARY, TableLayout.document(), folder, database);
    }
}
