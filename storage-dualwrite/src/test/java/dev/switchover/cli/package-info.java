/** Runs commands in this process and, where the jar is built, in one of their own. */
@NullMarked
package dev.switchover.cli;

import org.jspecify.annotations.NullMarked;
