package dev.switchover.examples.benchmarks.calls;

import dev.switchover.examples.benchmarks.stage.Entry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** {@code save} and {@code findById}; {@code -t 16} for sixteen threads. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RepositoryCalls {

    @Benchmark
    public Entry save(OpenedSubject opened, Randomness lane) throws Exception {
        Entry entry = opened.entry(lane.random);
        opened.store().save(entry);
        return entry;
    }

    @Benchmark
    public @Nullable Entry findById(OpenedSubject opened, Randomness lane) throws Exception {
        return opened.store().find(opened.id(lane.random));
    }
}
