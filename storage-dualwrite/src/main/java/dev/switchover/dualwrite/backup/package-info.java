/**
 * Backups: one file with every record of the chosen collections, written while writes go on; checked, restored, cleaned up, and
 * searched when there is nothing else left. Enter by {@link dev.switchover.dualwrite.backup.Backups}.
 */
@NullMarked
package dev.switchover.dualwrite.backup;

import org.jspecify.annotations.NullMarked;
