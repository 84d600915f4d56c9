package dev.switchover.dualwrite.simulation;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One seed, run from beginning to end. */
final class Simulation {

    /** What is the same for two runs of one seed. */
    record Result(long seed, long hash, int steps, long virtualNanos) {}

    private static final int KEPT = Integer.getInteger("switchover.simulation.trace", 400);

    private Simulation() {}

    /** @throws AssertionError with the seed and what happened last, if anything happened that must not */
    static Result run(long seed) {
        Trace trace = new Trace(KEPT);
        Scheduler scheduler = new Scheduler(seed, trace);
        try {
            Scenario scenario = new Scenario(scheduler);
            scheduler.run(new Director(scenario));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (AssertionError e) {
            String cause = e.getCause() == null ? "" : stack(e.getCause());
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n" + String.join("\n", trace.tail()) + "\n" + cause, e);
        }
        return new Result(seed, trace.hash(), scheduler.steps(), scheduler.nanoTime());
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
