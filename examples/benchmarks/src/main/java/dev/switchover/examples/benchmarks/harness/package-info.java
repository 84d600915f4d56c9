/** Measures alternatives in turn. Enter by {@link dev.switchover.examples.benchmarks.harness.PairedRun}; it knows nothing of stores. */
@NullMarked
package dev.switchover.examples.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
