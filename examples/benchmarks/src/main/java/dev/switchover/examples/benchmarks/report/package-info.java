/** Writes down what was measured, of what code, and on what machine. */
@NullMarked
package dev.switchover.examples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
