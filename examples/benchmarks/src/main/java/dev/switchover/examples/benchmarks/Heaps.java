package dev.switchover.examples.benchmarks;

import static dev.switchover.examples.benchmarks.report.Target.atMost;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.stage.ChildProcess;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is held on the heap, against the file: by an open JSON store, by a verification beside the service or without
 * one, which reads the files as the store does and holds them; by one within the service, whose store is open; and by an operator who
 * asks the service for that. Each in a process of its own, several times.
 */
final class Heaps implements Scenario {

    private static final int RECORD_BYTES = 300;
    private static final String FILE = "the file";
    private static final String OPEN = "an open JSON store";
    private static final String VERIFY = "verify by an operator, at most";
    private static final String WITHIN = "verify by a service, besides its open store, at most";
    private static final String ASKED = "verify by a service, at most held by the operator who asks for it";
    private static final String WANTED = "wanted of a verify";
    private static final double WANTED_MEBIBYTES = 128;
    private static final double MEBIBYTE = 1 << 20;

    @Override
    public String name() {
        return "heap";
    }

    /**
     * In the process of its own: {@code open}, or {@code verify}, {@code within} or {@code ask} and a database's words; then a
     * directory. Prints bytes.
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[arguments.length - 1]);
        LiveHeap heap = new LiveHeap();
        if (arguments[0].equals("open")) {
            try (PhaseStorage open = opened(directory)) {
                System.out.println(heap.held());
                // Used afterwards, so that it is held until then.
                open.requireInSync();
            }
            return;
        }
        Database database = Database.ofWords(Arrays.asList(arguments).subList(1, arguments.length - 1));
        if (arguments[0].equals("within")) {
            try (PhaseStorage both = both(directory, database)) {
                both.requireInSync();
                System.out.println(new LiveHeap().mostHeldDuring(both::requireEqual));
            }
        } else if (arguments[0].equals("ask")) {
            System.out.println(heap.mostHeldDuring(() ->
                    PhaseStorage.verifyInService(Phase.JSON_PRIMARY, TableLayout.document(), directory, database)));
        } else {
            System.out.println(heap.mostHeldDuring(
                    () -> PhaseStorage.verify(Phase.JSON_PRIMARY, TableLayout.document(), directory, database)));
        }
    }

    private static PhaseStorage both(Path directory, Database database) {
        return PhaseStorage.open("both", Phase.JSON_PRIMARY, TableLayout.document(), directory, database);
    }

    private static PhaseStorage opened(Path directory) {
        return PhaseStorage.open("open", Phase.JSON_ONLY, TableLayout.document(), directory, null);
    }

    @Override
    public List<Section> run(Bench bench) throws Exception {
        int records = bench.scale().heap().records();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Path alone = bench.folder("alone");
        Path mirrored = bench.folder("mirrored");
        bench.progress().accept("Loading " + records + " entries");
        try (PhaseStorage json = opened(alone)) {
            json.load(new Entries(RECORD_BYTES).first(records));
        }
        Path file = alone.resolve("entries.json");
        Files.copy(file, mirrored.resolve("entries.json"));
        try (OpenStores open = new OpenStores()) {
            Database database = open.database(bench.server());
            try (PhaseStorage both = both(mirrored, database)) {
                both.requireInSync();
            }
            bench.progress().accept("Both stores are there");
            Map<String, List<Double>> held = new LinkedHashMap<>();
            for (int round = 0; round < bench.scale().heap().rounds(); round++) {
                add(held, FILE, Files.size(file) / MEBIBYTE);
                add(held, OPEN, child(List.of("open", alone.toString())));
                add(held, VERIFY, child(both("verify", database, mirrored)));
                add(held, WITHIN, child(both("within", database, mirrored)));
                try (PhaseStorage service = both(mirrored, database)) {
                    service.requireInSync();
                    add(held, ASKED, child(both("ask", database, mirrored)));
                }
                add(held, WANTED, WANTED_MEBIBYTES);
                bench.progress().accept("Heap, round " + (round + 1) + ": " + held);
            }
            String title = String.format(Locale.ROOT, "live heap, %,d records of %d bytes", records, RECORD_BYTES);
            return List.of(new Section(
                    Comparison.amounts(Comparison.Kind.MEBIBYTES, title, load, held),
                    List.of(),
                    List.of(
                            atMost(OPEN, FILE, Measure.P50, 1.6),
                            atMost(VERIFY, WANTED, Measure.P50, 1.0),
                            atMost(WITHIN, WANTED, Measure.P50, 1.0),
                            atMost(ASKED, WANTED, Measure.P50, 1.0)),
                    List.of(
                            "After full collections, less what the process held before; so classes and threads that come with a"
                                    + " first store are in it, which are most of it where records are few. An operator's verification reads the"
                                    + " files as the store does and holds their records; a service that verifies has them in memory"
                                    + " already, for itself or for an operator who asks it to.")));
        }
    }

    private static List<String> both(String what, Database database, Path directory) {
        List<String> words = new ArrayList<>(List.of(what));
        words.addAll(database.words());
        words.add(directory.toString());
        return words;
    }

    private static void add(Map<String, List<Double>> held, String name, double mebibytes) {
        held.computeIfAbsent(name, none -> new ArrayList<>()).add(mebibytes);
    }

    private static double child(List<String> arguments) throws Exception {
        String said = ChildProcess.run(List.of("-XX:+UseSerialGC", "-Xmx2g"), Heaps.class, arguments);
        return Long.parseLong(said.strip()) / MEBIBYTE;
    }
}
