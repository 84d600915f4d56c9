/**
 * The same calls under JMH, one fork for each alternative: {@code java -jar benchmarks.jar}. JMH is the better judge of a
 * call that takes a microsecond; ratios between alternatives that force to disk are better taken from the paired runs,
 * where they share the machine's good and bad minutes.
 */
@NullMarked
package dev.switchover.examples.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
