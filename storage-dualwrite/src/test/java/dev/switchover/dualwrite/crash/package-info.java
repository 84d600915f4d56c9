/** Real processes, killed at any instant, and the judge of what their next start finds. */
@NullMarked
package dev.switchover.dualwrite.crash;

import org.jspecify.annotations.NullMarked;
