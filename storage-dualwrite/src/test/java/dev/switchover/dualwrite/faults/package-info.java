/** What breaks around the library: databases that hang, fail over or sit behind a pooler; hostile names, files and values. */
@NullMarked
package dev.switchover.dualwrite.faults;

import org.jspecify.annotations.NullMarked;
