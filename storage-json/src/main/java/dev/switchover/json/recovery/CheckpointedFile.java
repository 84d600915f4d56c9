package dev.switchover.json.recovery;

import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.json.records.Halves;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Alongside;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file that is as a checkpoint left it, with what the checkpoint knows of each record. Pure.
 *
 * @param records in the file's order, the envelope behind them
 * @param keys the text of unusual keys, by id
 */
record CheckpointedFile(FileStyle style, List<RawRecord> records, Map<RecordId, byte[]> keys) {

    /**
     * A large file on two threads.
     *
     * @throws CorruptFileException if the file cannot be the checkpoint's
     */
    static CheckpointedFile of(Path file, ParsedFile parsed, Checkpoint from) {
        int size = parsed.size();
        if (size != from.records().size()) {
            throw new CorruptFileException(
                    file,
                    "it has " + size + " records, and its checkpoint "
                            + from.records().size()
                            + "; was the collection's JSON layout changed? Restore the layout",
                    null);
        }
        byte[] envelope = parsed.envelope();
        Checkpoint.Known known = envelope == null ? null : from.envelope();
        RawRecord[] records = new RawRecord[known == null ? size : size + 1];
        int middle = Halves.middle(size);
        Alongside<Map<RecordId, byte[]>> second = middle == size
                ? null
                : Alongside.begin("switchover-json-file", () -> part(parsed, from, middle, size, records));
        Map<RecordId, byte[]> keys = part(parsed, from, 0, middle, records);
        if (second != null) {
            keys.putAll(second.result());
        }
        if (known != null && envelope != null) {
            records[size] = new RawRecord(RecordId.ENVELOPE, known.version(), 0, envelope);
        }
        return new CheckpointedFile(parsed.style(), Arrays.asList(records), keys);
    }

    /** @return the unusual keys among those of these records */
    private static Map<RecordId, byte[]> part(
            ParsedFile parsed, Checkpoint from, int begin, int end, @Nullable RawRecord[] records) {
        Map<RecordId, byte[]> keys = new HashMap<>();
        for (int i = begin; i < end; i++) {
            Checkpoint.Known known = from.records().get(i);
            records[i] = new RawRecord(known.id(), known.version(), known.order(), parsed.body(i));
            FileContent.noteKey(parsed, i, known.id(), keys);
        }
        return keys;
    }
}
