package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.report.Machine;
import dev.switchover.examples.benchmarks.report.Report;
import dev.switchover.examples.benchmarks.report.Section;
import dev.switchover.examples.benchmarks.soak.Soak;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.examples.benchmarks.stage.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures everything and writes the report: {@code full}, {@code short} or {@code smoke}, then, to choose, names of
 * scenarios, and {@code records=200000} for as many records in whole jobs. Or a {@code soak}, then its minutes and phases. The report goes into the folder that the system property {@code benchmarks.out} names, by default {@code
 * target/benchmarks}; what is measured is written there too, so it has to be on a disk, not in memory.
 */
public final class Benchmarks {

    private static final List<Scenario> SCENARIOS = List.of(
            new PhaseCalls(),
            new LimitCalls(),
            new ColumnCalls(),
            new FileSaves(),
            new RouterCalls(),
            new NetworkDelay(),
            new Sizes(),
            new WhileCheckpointing(),
            new Heaps(),
            new WholeJobs(),
            new CatchUp(),
            new MirrorAway());

    /** What short measures in three minutes, the rest only if it is named. */
    private static final List<String> SHORT = List.of("phases", "router", "jobs");

    private static final String RECORDS = "records=";

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        List<String> all = Stream.of(arguments.length == 0 ? new String[] {"full"} : arguments)
                .flatMap(argument -> Stream.of(argument.strip().split("\\s+")))
                .toList();
        List<String> words =
                all.stream().filter(word -> !word.startsWith(RECORDS)).toList();
        Path out = Path.of(System.getProperty("benchmarks.out", "target/benchmarks"))
                .toAbsolutePath();
        Files.createDirectories(out);
        if (words.get(0).equals("soak")) {
            Soak.run(words.subList(1, words.size()), out);
            return;
        }
        Scale scale;
        List<Scenario> chosen;
        try {
            scale = scaled(Scale.named(words.get(0)), all);
            List<String> names = words.subList(1, words.size());
            chosen = chosen(names.isEmpty() && words.get(0).equals("short") ? SHORT : names);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path work = Files.createTempDirectory(out, "work-");
        try (Server server = Server.embedded(work.resolve("postgresql"))) {
            Path report = measured(new Bench(scale, server, work, System.out::println), chosen, out);
            System.out.println("Report: " + report);
        } finally {
            Folders.delete(work);
        }
    }

    private static Scale scaled(Scale scale, List<String> words) {
        Scale scaled = scale;
        for (String word : words) {
            if (word.startsWith(RECORDS)) {
                scaled = scaled.withJobRecords(Integer.parseInt(word.substring(RECORDS.length())));
            }
        }
        return scaled;
    }

    /** Every name given must be one of a scenario; none given means all. */
    private static List<Scenario> chosen(List<String> names) {
        List<String> known = SCENARIOS.stream().map(Scenario::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("\"" + name + "\" is no scenario; there are " + known);
            }
        }
        return SCENARIOS.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    /** @param names of scenarios; all of them if empty */
    static Path run(Bench bench, List<String> names, Path out) throws Exception {
        return measured(bench, chosen(names), out);
    }

    private static Path measured(Bench bench, List<Scenario> scenarios, Path out) throws Exception {
        Machine machine = Machine.of(bench.work(), bench.server().facts());
        Consumer<String> progress = bench.progress();
        machine.facts().forEach((name, value) -> progress.accept(name + ": " + value));
        List<Section> sections = new ArrayList<>();
        Path report = out;
        for (Scenario scenario : scenarios) {
            sections.addAll(scenario.run(bench));
            // Each time, so that a run that is stopped leaves what it has measured.
            report = new Report(machine, sections).write(out);
        }
        return report;
    }
}
