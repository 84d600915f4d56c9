package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.report.Section;
import java.util.List;

/** One question, its alternatives set up, measured and taken down again. */
interface Scenario {

    /** By which it is chosen on the command line. */
    String name();

    List<Section> run(Bench bench) throws Exception;
}
