package dev.switchover.examples.benchmarks.calls;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Each thread picks records by itself. */
@State(Scope.Thread)
public class Randomness {

    SplittableRandom random;

    @Setup
    public void seed(OpenedSubject opened) {
        random = opened.random();
    }
}
