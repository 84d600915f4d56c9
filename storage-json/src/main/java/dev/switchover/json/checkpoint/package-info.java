/**
 * Checkpoints: the user's file, whole and fresh, and beside it what the file does not hold. Enter by {@link
 * dev.switchover.json.checkpoint.Checkpointer} to write and by {@link dev.switchover.json.checkpoint.CheckpointFiles} to read. Nothing
 * outside the JSON store enters.
 *
 * <p>A checkpoint is written in steps, each durable before the next, so that at every instant one checkpoint on the disk fits the
 * user's file on the disk, and the journal holds everything after it:
 *
 * <ol>
 *   <li>the new text of the file, under a temporary name; forced
 *   <li>{@code checkpoint-<collection>-<number>} with the digest of that text; forced, renamed, its directory forced
 *   <li>the text takes the file's name; the directory forced
 *   <li>checkpoints with lower numbers and journal segments that are covered are deleted
 * </ol>
 *
 * <p>A checkpoint file is {@code "SWOCHKP1"}, length:4, crc32c:4, and a body of LEB128 numbers and texts, in the order {@link
 * dev.switchover.json.checkpoint.CheckpointCodec} writes them.
 */
@NullMarked
package dev.switchover.json.checkpoint;

import org.jspecify.annotations.NullMarked;
