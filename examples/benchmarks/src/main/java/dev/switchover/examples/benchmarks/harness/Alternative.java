package dev.switchover.examples.benchmarks.harness;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way of doing what is measured. It stands ready before the run begins and outlives it.
 *
 * @param name as it is shown in the report
 * @param call one call, of any length. It is made by several lanes at once. A call that fails ends the run: no number comes
 *     from calls that did not do their work
 */
public record Alternative(String name, Call call) {

    public Alternative {
        Objects.requireNonNull(name);
        Objects.requireNonNull(call);
    }

    /** What is timed. */
    public interface Call {
        /** @return what the call produced, so that it cannot be optimised away */
        @Nullable
        Object on(Lane lane) throws Exception;
    }
}
