/**
 * The journal: every change of the store, in order, before it is in any user's file. Enter by {@link
 * dev.switchover.json.journal.Journal} to write and by {@link dev.switchover.json.journal.JournalReader} to read; what can be in
 * it is {@link dev.switchover.json.journal.Change}.
 *
 * <p>The journal is a chain of segment files {@code journal-<term>-<number>}. Each holder of the directory writes files of its
 * own term. A segment is a header and frames, and zeros behind them:
 *
 * <pre>
 * segment:  "SWOJRNL1"  length:4  crc32c:4  header               the crc is the header's
 * header:   format, directory id, term, number, first sequence, and for each collection the sequence of its last
 *           change in earlier segments
 * frame:    magic:4  length:4  sequence:8  forced:8  crc32c:4  header crc32c:4  0xA5  payload  0x5A
 * payload:  milliseconds since the epoch, number of changes, changes
 * </pre>
 *
 * <p>Numbers in headers and payloads are LEB128, the others big-endian. <i>sequence</i> counts frames through all segments
 * without a gap. <i>forced</i> is the last sequence known to be on the disk when the frame was written: a bad frame that a
 * later good one calls forced was acknowledged once, so it is damage and no torn tail. The two marks, never zero, tell a frame that
 * was cut off from one that is whole but altered. A segment ends where the next one's <i>first sequence</i> begins, so frames of a
 * force that failed are cut off by the next segment's header.
 */
@NullMarked
package dev.switchover.json.journal;

import org.jspecify.annotations.NullMarked;
