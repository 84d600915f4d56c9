package dev.switchover.examples.benchmarks.harness;

import java.util.Objects;

/**
 * One way of doing a whole job. Each round prepares it anew.
 *
 * @param name as it is shown in the report
 */
public record Job(String name, Preparation preparation) {

    public Job {
        Objects.requireNonNull(name);
        Objects.requireNonNull(preparation);
    }

    /** What comes before it, in time that does not count. */
    public interface Preparation {

        Prepared prepare() throws Exception;
    }

    /** A job that can begin; closed in time that does not count. */
    public interface Prepared extends AutoCloseable {

        /** What is timed; it has to throw if it did not do its work. */
        void run() throws Exception;

        @Override
        default void close() throws Exception {}
    }
}
