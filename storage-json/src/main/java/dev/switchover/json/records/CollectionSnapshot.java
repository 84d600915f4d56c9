package dev.switchover.json.records;

import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A collection as of one moment, to be written down.
 *
 * @param sequence of the last frame in it
 * @param contentSequence of the last frame that changed what is in the user's file
 * @param records in order, without the envelope
 * @param highestId issued or stored
 * @param reserved ids up to this one may be issued after this moment
 */
public record CollectionSnapshot(
        CollectionSchema<?, ?> schema,
        long sequence,
        long contentSequence,
        List<RawRecord> records,
        @Nullable RawRecord envelope,
        @Nullable LedgerEntry entry,
        @Nullable Phase phase,
        long version,
        long highestId,
        long reserved,
        long lastWrite,
        List<Pending> pending,
        List<String> tokens,
        List<String> history) {

    /** Call it inside {@link StoreState#read}. */
    public static CollectionSnapshot of(CollectionState state, long sequence) {
        return new CollectionSnapshot(
                state.schema(),
                sequence,
                state.lastContentChange(),
                Arrays.asList(state.inOrder()),
                state.find(RecordId.ENVELOPE),
                state.entry(),
                state.phase(),
                state.version(),
                state.issued().get(),
                state.reserved(),
                state.lastWrite(),
                List.copyOf(state.pending().all()),
                List.copyOf(state.tokens()),
                List.copyOf(state.history()));
    }

    /** After the last id has been issued: what was reserved and not used need not be skipped. */
    public CollectionSnapshot closing() {
        return new CollectionSnapshot(
                schema,
                sequence,
                contentSequence,
                records,
                envelope,
                entry,
                phase,
                version,
                highestId,
                highestId,
                lastWrite,
                pending,
                tokens,
                history);
    }

    /** Whether there is a reason for a file to exist. */
    public boolean deservesFile() {
        return !records.isEmpty() || envelope != null || entry != null || contentSequence > 0;
    }
}
