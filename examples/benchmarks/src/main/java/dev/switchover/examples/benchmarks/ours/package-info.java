/** The library in each phase, opened the way a service opens it: by directory, environment and collection. */
@NullMarked
package dev.switchover.examples.benchmarks.ours;

import org.jspecify.annotations.NullMarked;
