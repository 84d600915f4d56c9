package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.harness.Medians;
import dev.switchover.examples.benchmarks.ours.JsonAlone;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.storage.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What a save into a JSON store costs while its whole file is written: the same store, with checkpoints back to back and with
 * none. The store is called directly: in {@link Phase#JSON_ONLY} there is only the router before it, but nobody can say when a
 * checkpoint is made.
 */
final class WhileCheckpointing implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final String WITHOUT = "without";
    private static final String WITH = "checkpoints back to back";

    @Override
    public String name() {
        return "checkpoint";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().checkpoints().records();
        Entries entries = new Entries(RECORD_BYTES);
        List<Section> sections = new ArrayList<>();
        try (OpenStores open = new OpenStores()) {
            JsonAlone store = open.add(JsonAlone.openWithoutCheckpoints(bench.folder("checkpoints")));
            bench.progress().accept("Loading " + records + " entries");
            store.load(entries.first(records));
            store.checkpoint();
            for (int threads : bench.scale().checkpoints().threads()) {
                BackToBack checkpoints = new BackToBack(store, entries.entry(1, new SplittableRandom(1)));
                Alternative without = StoreCalls.save(store, WITHOUT, entries, records);
                Alternative with = new Alternative(WITH, without.call(), checkpoints);
                Comparison run = bench.compare(
                        bench.scale().checkpoints().plan(),
                        String.format(Locale.ROOT, "save, checkpoints of %,d records", records),
                        threads,
                        List.of(without, with));
                List<Double> seconds = checkpoints.seconds();
                sections.add(new Section(
                        run,
                        List.of(),
                        List.of(atMost(WITH, WITHOUT, Measure.P99, 4)),
                        List.of(String.format(
                                Locale.ROOT,
                                "%d checkpoints in all, warm-up included, of %.2f s each (median); in every slot with them one was"
                                        + " under way from its beginning to its end.",
                                seconds.size(),
                                Medians.of(seconds.stream().mapToDouble(one -> one))))));
            }
        }
        return sections;
    }
}
