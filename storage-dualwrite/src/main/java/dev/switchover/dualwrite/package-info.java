/** Routes reads and writes between the two stores according to the phase. */
@NullMarked
package dev.switchover.dualwrite;

import org.jspecify.annotations.NullMarked;
