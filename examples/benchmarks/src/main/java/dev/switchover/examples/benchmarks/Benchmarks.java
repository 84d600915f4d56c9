package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.peers.Psql;
import dev.switchover.examples.benchmarks.report.Commit;
import dev.switchover.examples.benchmarks.report.Machine;
import dev.switchover.examples.benchmarks.report.Measured;
import dev.switchover.examples.benchmarks.report.Occasion;
import dev.switchover.examples.benchmarks.report.Report;
import dev.switchover.examples.benchmarks.soak.Soak;
import dev.switchover.examples.benchmarks.stage.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures everything, each scenario in a {@link Fork}, and writes the report: {@code full}, {@code short} or {@code smoke}, then, to choose, names of
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

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = Stream.of(arguments.length == 0 ? new String[] {"full"} : arguments)
                .flatMap(argument -> Stream.of(argument.strip().split("\\s+")))
                .toList();
        Path out = Path.of(System.getProperty("benchmarks.out", "target/benchmarks"))
                .toAbsolutePath();
        Files.createDirectories(out);
        List<String> further = words.subList(1, words.size());
        if (words.get(0).equals("soak")) {
            List<String> soak = new ArrayList<>(List.of(out.toString()));
            soak.addAll(further);
            ChildProcess.show(Fork.HEAP, Soak.class, soak);
            return;
        }
        List<String> scale = new ArrayList<>(words.subList(0, 1));
        List<Scenario> chosen;
        try {
            further.stream().filter(Scale::says).forEach(scale::add);
            Scale.of(scale);
            List<String> names =
                    further.stream().filter(word -> !Scale.says(word)).toList();
            chosen = chosen(names.isEmpty() && words.get(0).equals("short") ? SHORT : names);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.out.println("Report: " + measured(chosen, words, scenario -> Fork.run(scenario, scale, out), out));
    }

    /** Every name given must be one of a scenario; none given means all. */
    static List<Scenario> chosen(List<String> names) {
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

    /** @param names of scenarios, measured in this process; all of them if empty */
    static Path run(Bench bench, List<String> names, Path out) throws Exception {
        Machine machine = Machine.of(bench.work(), bench.server().facts());
        return measured(chosen(names), names, scenario -> new Measured(machine, scenario.run(bench)), out);
    }

    /**
     * What cannot be measured here though it was asked for, and why: of {@link WholeJobs} what needs {@code psql}.
     *
     * @param psql whether it is there
     */
    static List<String> leftOut(List<Scenario> scenarios, boolean psql) {
        if (psql || scenarios.stream().noneMatch(WholeJobs.class::isInstance)) {
            return List.of();
        }
        return List.of(
                "of `jobs` all but the opening of a store, for there is no `psql` on the `PATH` to measure against.");
    }

    private interface Measuring {
        Measured measure(Scenario scenario) throws Exception;
    }

    private static Path measured(List<Scenario> scenarios, List<String> words, Measuring measuring, Path out)
            throws Exception {
        Instant begun = Instant.now();
        String commit = Commit.of(Benchmarks.class);
        List<String> leftOut = leftOut(scenarios, Psql.isThere());
        List<Measured> measured = new ArrayList<>();
        Path report = out;
        for (Scenario scenario : scenarios) {
            measured.add(measuring.measure(scenario));
            // Each time, so that a run that is stopped leaves what it has measured.
            report = new Report(
                            new Occasion(
                                    commit, begun, Instant.now(), words, measured.size(), scenarios.size(), leftOut),
                            measured.get(0).machine(),
                            measured.stream()
                                    .flatMap(one -> one.sections().stream())
                                    .toList())
                    .write(out);
        }
        return report;
    }
}
