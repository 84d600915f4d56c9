/** A home budget over HTTP. */
@NullMarked
package dev.switchover.examples.expenses;

import org.jspecify.annotations.NullMarked;
