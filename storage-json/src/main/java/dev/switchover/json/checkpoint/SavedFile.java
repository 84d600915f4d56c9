package dev.switchover.json.checkpoint;

import dev.switchover.json.file.FileStyle;
import dev.switchover.storage.schema.RecordId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user's file as the last checkpoint left it.
 *
 * @param number of the newest checkpoint file
 * @param valid of the one that says how the file is; it may be older, where a later one was not followed by its file
 * @param sequence up to which frame the checkpoint goes; -1 if it has to be written anew in any case
 * @param contentSequence the last change of the file's content in it
 * @param digest null if there is no file
 * @param keys the text of keys that were escaped in another way than ours
 */
public record SavedFile(
        long number,
        long valid,
        long sequence,
        long contentSequence,
        @Nullable FileDigest digest,
        FileStyle style,
        Map<RecordId, byte[]> keys) {}
