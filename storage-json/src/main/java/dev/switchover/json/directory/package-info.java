/**
 * The directory on disk: its paths, its lock and everything that changes a file. Enter by {@link
 * dev.switchover.json.directory.Disk}, the one seam where a broken disk can be put in, and by {@link
 * dev.switchover.json.directory.DirectoryLock}. Nothing outside the JSON store enters.
 */
@NullMarked
package dev.switchover.json.directory;

import org.jspecify.annotations.NullMarked;
