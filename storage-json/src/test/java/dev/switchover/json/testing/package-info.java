/** Broken disks. */
@NullMarked
package dev.switchover.json.testing;

import org.jspecify.annotations.NullMarked;
