package dev.switchover.json.checkpoint;

import dev.switchover.json.binary.TextHash;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the user's file does not hold, as of one frame of the journal.
 *
 * @param sequence the journal goes on behind this frame
 * @param segment the journal's newest segment when it was written
 * @param file the user's file it belongs to; null if there was none
 * @param envelope the envelope's version and hash; null if there was none
 * @param records in the order of the file
 */
public record Checkpoint(
        UUID directory,
        String collection,
        long number,
        long sequence,
        SegmentName segment,
        @Nullable FileDigest file,
        @Nullable LedgerEntry entry,
        @Nullable Phase phase,
        long version,
        long highestId,
        long reserved,
        long lastWrite,
        List<Pending> pending,
        List<String> tokens,
        List<String> history,
        FileStyle style,
        @Nullable Known envelope,
        List<Known> records) {

    /** A record as it was. @param hash of its text */
    public record Known(RecordId id, long version, long order, long hash) {

        static Known of(RawRecord record) {
            return new Known(record.id(), record.version(), record.order(), TextHash.of(record.body()));
        }
    }
}
