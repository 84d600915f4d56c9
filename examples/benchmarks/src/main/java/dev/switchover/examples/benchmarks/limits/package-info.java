/**
 * The least that a write of each kind takes: what the phases do, without all that makes it safe. No fence, no version, no check of
 * what is written, nothing read back, nobody told of a failure but by an exception. What the library cannot be faster than.
 */
@NullMarked
package dev.switchover.examples.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
