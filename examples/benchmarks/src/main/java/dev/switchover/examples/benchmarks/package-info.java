/** What each phase costs. */
@NullMarked
package dev.switchover.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
