/** What users would write without the library, and the limits: the driver alone, the file alone. */
@NullMarked
package dev.switchover.examples.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
