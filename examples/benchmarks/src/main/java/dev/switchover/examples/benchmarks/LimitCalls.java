package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.limits.InSequence;
import dev.switchover.examples.benchmarks.limits.MarkThenAppend;
import dev.switchover.examples.benchmarks.limits.OurStatements;
import dev.switchover.examples.benchmarks.limits.SharedForce;
import dev.switchover.examples.benchmarks.limits.SharedUpserts;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.ForcedAppend;
import dev.switchover.examples.benchmarks.peers.LaunchDarkly;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.report.Section.Against;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code save} costs in each phase against the least that such a write takes on this machine. */
final class LimitCalls implements Scenario {

    /**
     * Between this many and one alone, records of more than the smallest size are not measured: there is little to share. Nor is
     * what only a crowd sends.
     */
    private static final int CROWD_FROM = 16;

    private static final String FORCE_THEN_UPSERT = "append and force, then upsert, unforced";
    private static final String SHARED_IN_SEQUENCE = "one force for all, then upserts shared, unforced";

    private static final List<Against> LIMITS = List.of(
            new Against(Phase.DB_ONLY.name(), SharedUpserts.name(1)),
            new Against(Phase.DB_PRIMARY.name(), MarkThenAppend.NAME),
            new Against(Phase.DB_PRIMARY.name(), MarkThenAppend.SHARED),
            new Against(Phase.DB_PRIMARY.name(), OurStatements.NAME),
            new Against(OurStatements.NAME, MarkThenAppend.SHARED),
            new Against(Phase.JSON_PRIMARY.name(), FORCE_THEN_UPSERT),
            new Against(Phase.JSON_PRIMARY.name(), SHARED_IN_SEQUENCE),
            new Against(SHARED_IN_SEQUENCE, LaunchDarkly.DUAL_WRITE),
            new Against(Phase.JSON_PRIMARY.name(), LaunchDarkly.DUAL_WRITE),
            new Against(Phase.JSON_ONLY.name(), SharedForce.NAME),
            new Against(SharedForce.NAME, ForcedAppend.NAME));

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        List<Section> sections = new ArrayList<>();
        int smallest = bench.scale().recordBytes().get(0);
        for (int bytes : bench.scale().recordBytes()) {
            List<Integer> threads = bench.scale().threads().stream()
                    .filter(callers -> bytes == smallest || callers == 1 || callers >= CROWD_FROM)
                    .toList();
            sections.addAll(run(bench, bytes, threads));
        }
        return sections;
    }

    private static List<Section> run(Bench bench, int bytes, List<Integer> threads) throws Exception {
        int records = bench.scale().tableRecords();
        Entries entries = new Entries(bytes);
        List<Entry> first = entries.first(records);
        List<Section> sections = new ArrayList<>();
        try (OpenStores open = new OpenStores()) {
            List<EntryStore> stores = stores(bench, open);
            for (EntryStore store : stores) {
                bench.progress().accept("Loading " + records + " entries: " + store.name());
                store.load(first);
            }
            bench.server().checkpoint();
            String title = "save against its limit, records of " + bytes + " bytes";
            for (int callers : threads) {
                List<EntryStore> measured = stores.stream()
                        .filter(store -> callers >= CROWD_FROM || !store.name().equals(OurStatements.NAME))
                        .toList();
                List<Alternative> saves = measured.stream()
                        .map(store -> StoreCalls.save(store, store.name(), entries, records))
                        .toList();
                sections.add(new Section(
                        bench.compare(bench.scale().calls(), title, callers, saves), limits(measured), List.of()));
                StoreCalls.requireInSync(stores);
            }
        }
        return sections;
    }

    /** Those of which both are among the stores. */
    private static List<Against> limits(List<EntryStore> stores) {
        Set<String> names = stores.stream().map(EntryStore::name).collect(Collectors.toSet());
        return LIMITS.stream()
                .filter(limit -> names.contains(limit.alternative()) && names.contains(limit.baseline()))
                .toList();
    }

    private static List<EntryStore> stores(Bench bench, OpenStores open) throws Exception {
        List<EntryStore> stores = new ArrayList<>();
        stores.add(open.add(RawDocument.open(open.database(bench.server()))));
        stores.add(open.add(SharedUpserts.open(open.database(bench.server()), 1)));
        stores.add(open.add(SharedUpserts.open(open.database(bench.server()), 2)));
        for (boolean shared : List.of(false, true)) {
            stores.add(open.add(MarkThenAppend.open(
                    bench.folder("limits").resolve("marked"), open.database(bench.server()), shared)));
        }
        stores.add(open.add(OurStatements.open(bench.folder("limits").resolve("ours"), open.database(bench.server()))));
        stores.add(open.add(new InSequence(
                FORCE_THEN_UPSERT,
                ForcedAppend.open(bench.folder("limits").resolve("forced")),
                RawDocument.open(follower(bench, open)))));
        stores.add(open.add(new InSequence(
                SHARED_IN_SEQUENCE,
                SharedForce.open(bench.folder("limits").resolve("first")),
                SharedUpserts.open(follower(bench, open), 1))));
        stores.add(open.add(LaunchDarkly.dualWrite(
                PhaseStorage.open(
                        Phase.JSON_ONLY.name(),
                        Phase.JSON_ONLY,
                        TableLayout.document(),
                        bench.folder("limits-plain"),
                        null),
                RawDocument.open(open.database(bench.server())))));
        stores.add(open.add(ForcedAppend.open(bench.folder("limits").resolve("append"))));
        stores.add(open.add(SharedForce.open(bench.folder("limits").resolve("shared"))));
        for (Phase phase : Phase.values()) {
            Database database = phase == Phase.JSON_ONLY ? null : open.database(bench.server());
            stores.add(open.add(PhaseStorage.open(
                    phase.name(), phase, TableLayout.document(), bench.folder("limits-" + phase.name()), database)));
        }
        return stores;
    }

    /** Whose commits do not wait for the disk: what follows need not be there before what leads forgets that it is pending. */
    private static Database follower(Bench bench, OpenStores open) throws Exception {
        Database database = open.database(bench.server());
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
        }
        return database;
    }
}
