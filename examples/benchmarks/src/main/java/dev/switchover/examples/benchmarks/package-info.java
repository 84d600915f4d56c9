/**
 * What each phase costs, against the raw driver and against rewriting the file. Enter by {@link
 * dev.switchover.examples.benchmarks.Benchmarks}; each {@link dev.switchover.examples.benchmarks.Scenario} is one set of
 * tables in the report.
 */
@NullMarked
package dev.switchover.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
