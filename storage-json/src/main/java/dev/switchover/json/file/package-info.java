/**
 * The user's files as text: finding the records in them without touching a byte, and writing them back the way they were laid
 * out. Enter by {@link dev.switchover.json.file.ParsedFile} and {@link dev.switchover.json.file.FileText}. Nothing outside the JSON
 * store enters.
 */
@NullMarked
package dev.switchover.json.file;

import org.jspecify.annotations.NullMarked;
