package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.report.Machine;
import dev.switchover.examples.benchmarks.report.Measured;
import dev.switchover.examples.benchmarks.stage.ChildProcess;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.examples.benchmarks.stage.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario in a virtual machine and on a database server of its own, as JMH runs each benchmark: what another one taught the
 * compiler, or left in the heap and in the server's tables, is nothing this one has to do with.
 */
final class Fork {

    /** As little as a service that keeps a million records open is given, and all of it there from the beginning. */
    static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch");

    private Fork() {}

    /** In the process of its own: where to work, what to write, the scenario, and the words that say how much. */
    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        Path measured = Path.of(arguments[1]);
        Scenario scenario = Benchmarks.chosen(List.of(arguments[2])).get(0);
        Scale scale = Scale.of(List.of(arguments).subList(3, arguments.length));
        try (Server server = Server.embedded(work.resolve("postgresql"))) {
            Bench bench = new Bench(scale, server, work, System.out::println);
            Machine machine = Machine.of(work, server.facts());
            new Measured(machine, scenario.run(bench)).write(measured);
        }
    }

    /**
     * @param scale as it was asked for, see {@link Scale#of}
     * @param out the folder on whose disk it works
     * @throws IllegalStateException if it failed; why was printed
     */
    static Measured run(Scenario scenario, List<String> scale, Path out) throws Exception {
        Path work = Files.createTempDirectory(out, "work-");
        try {
            Path measured = work.resolve("measured.json");
            List<String> arguments = new ArrayList<>(List.of(work.toString(), measured.toString(), scenario.name()));
            arguments.addAll(scale);
            ChildProcess.show(HEAP, Fork.class, arguments);
            return Measured.read(measured);
        } finally {
            Folders.delete(work);
        }
    }
}
