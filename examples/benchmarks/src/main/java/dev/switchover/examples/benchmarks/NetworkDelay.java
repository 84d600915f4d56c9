package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.LaunchDarkly;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.DelayingProxy;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a save costs when the database is far away, with a delaying proxy before it; with no delay too, so that what the proxy
 * itself takes is in all of it. Each delay is compared for itself, against the driver alone at the same delay.
 */
final class NetworkDelay implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final List<Against> MIRRORED = List.of(
            new Against(Phase.DB_PRIMARY.name(), Phase.DB_ONLY.name()),
            new Against(Phase.JSON_PRIMARY.name(), Phase.DB_ONLY.name()),
            new Against(Phase.DB_PRIMARY.name(), LaunchDarkly.LIVE),
            new Against(Phase.JSON_PRIMARY.name(), LaunchDarkly.DUAL_WRITE));

    @Override
    public String name() {
        return "network";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Section> sections = new ArrayList<>();
        for (int millis : bench.scale().growth().roundTripMillis()) {
            try (OpenStores open = new OpenStores()) {
                sections.addAll(measure(bench, millis, stores(bench, millis, open)));
            }
        }
        return sections;
    }

    private static List<EntryStore> stores(Bench bench, int millis, OpenStores open) throws Exception {
        Far far = new Far(bench, open, Duration.ofMillis(millis));
        return List.of(
                open.add(RawDocument.open(far.database())),
                far.phase(Phase.DB_ONLY),
                far.phase(Phase.DB_PRIMARY),
                far.phase(Phase.JSON_PRIMARY),
                open.add(LaunchDarkly.live(json(bench), RawDocument.open(far.database()))),
                open.add(LaunchDarkly.dualWrite(json(bench), RawDocument.open(far.database()))));
    }

    private static PhaseStorage json(Bench bench) throws Exception {
        return PhaseStorage.open(
                Phase.JSON_ONLY.name(), Phase.JSON_ONLY, TableLayout.document(), bench.folder("far-json"), null);
    }

    private static List<Section> measure(Bench bench, int millis, List<EntryStore> stores) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(RECORD_BYTES);
        List<Entry> first = entries.first(records);
        for (EntryStore store : stores) {
            bench.progress().accept("Loading, " + millis + " ms away: " + store.name());
            store.load(first);
        }
        bench.server().checkpoint();
        List<Section> sections = new ArrayList<>();
        for (int threads : bench.scale().growth().threads()) {
            List<Alternative> saves = stores.stream()
                    .map(store -> StoreCalls.save(store, store.name(), entries, records))
                    .toList();
            String title = "save, " + millis + " ms more for a round trip to the database";
            sections.add(new Section(
                    bench.compare(bench.scale().growth().plan(), title, threads, saves), MIRRORED, List.of()));
            StoreCalls.requireInSync(stores);
        }
        return sections;
    }

    /** One server behind one proxy for each alternative: what waits for one is not in the way of another. */
    private record Far(Bench bench, OpenStores open, Duration roundTrip) {

        Database database() throws Exception {
            Database near = open.database(bench.server());
            DelayingProxy proxy = open.add(DelayingProxy.open(near.host(), near.port(), roundTrip));
            return near.at(proxy.host(), proxy.port());
        }

        PhaseStorage phase(Phase phase) throws Exception {
            return open.add(PhaseStorage.open(
                    phase.name(), phase, TableLayout.document(), bench.folder("far-" + phase.name()), database()));
        }
    }
}
