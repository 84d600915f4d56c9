/** Mistakes planted on purpose, one by one, and the tests that have to notice them. */
@NullMarked
package dev.switchover.dualwrite.mutants;

import org.jspecify.annotations.NullMarked;
