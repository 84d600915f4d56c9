package dev.switchover.examples.benchmarks.harness;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way of doing what is measured. It stands ready before the run begins and outlives it.
 *
 * @param name as it is shown in the report
 * @param call one call, of any length. It is made by several lanes at once. A call that fails ends the run: no number comes
 *     from calls that did not do their work
 * @param beside what goes on beside the calls of each slot
 */
public record Alternative(String name, Call call, Beside beside) {

    public Alternative {
        Objects.requireNonNull(name);
        Objects.requireNonNull(call);
        Objects.requireNonNull(beside);
    }

    /** With nothing beside the calls. */
    public Alternative(String name, Call call) {
        this(name, call, () -> () -> {});
    }

    /** Something of its own that burdens the calls. */
    public interface Beside {

        /** Begins before the first call of a slot, and returns. */
        UnderWay begin();
    }

    /** What has begun. */
    public interface UnderWay extends AutoCloseable {

        /** After the last call of the slot, in time that does not count: returns when all of it has ended. Throws if it failed. */
        @Override
        void close();
    }

    /** What is timed. */
    public interface Call {
        /** @return what the call produced, so that it cannot be optimised away */
        @Nullable
        Object on(Lane lane) throws Exception;
    }
}
