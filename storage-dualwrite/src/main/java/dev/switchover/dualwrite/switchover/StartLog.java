package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.reconcile.Progress;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Is told what a start does, on the thread that starts. Messages hold no record values. */
public interface StartLog extends Progress {

    /** A step is about to be taken, or something was found. */
    void step(String collection, String message);

    /** Something an operator should look at. */
    void warn(String collection, String message);

    /** Everything was compared, and what differed was copied. */
    default void copied(CopyMeasured copy) {}

    /** Into the log, at INFO and WARN. */
    static StartLog toLogger(Progress also) {
        return toLogger(also, copy -> {});
    }

    /** The same; the copies go to somebody else as well. */
    static StartLog toLogger(Progress also, Consumer<CopyMeasured> copies) {
        return new StartLog() {
            private final Logger log = LoggerFactory.getLogger("dev.switchover.switchover");

            @Override
            public void step(String collection, String message) {
                log.info("Switchover of {}: {}", collection, message);
            }

            @Override
            public void warn(String collection, String message) {
                log.warn("Switchover of {}: {}", collection, message);
            }

            @Override
            public void copied(CopyMeasured copy) {
                copies.accept(copy);
            }

            @Override
            public void at(Step step) {
                OptionalLong total = step.total();
                log.info(
                        "Switchover of {}: compared {}{} records, {} a second",
                        step.collection(),
                        step.done(),
                        total.isPresent() ? " of about " + total.getAsLong() : "",
                        Math.round(step.perSecond()));
                also.at(step);
            }
        };
    }

    /** Tells nobody. */
    static StartLog silent() {
        return new StartLog() {
            @Override
            public void step(String collection, String message) {}

            @Override
            public void warn(String collection, String message) {}

            @Override
            public void at(Step step) {}
        };
    }
}
