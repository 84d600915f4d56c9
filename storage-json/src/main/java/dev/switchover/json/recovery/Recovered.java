package dev.switchover.json.recovery;

import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.JournalContent;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory, read.
 *
 * @param journal null if there is none yet
 * @param unfinished journal segments that were being created, to be deleted
 */
public record Recovered(
        UUID directory,
        @Nullable JournalContent journal,
        List<Path> unfinished,
        List<RecoveredCollection> collections) {

    /** A checkpoint may have frames that never came into the journal; their numbers are not given again, or it would cover others. */
    public long lastSequence() {
        return collections.stream()
                .mapToLong(collection -> collection.saved().sequence())
                .reduce(journal == null ? 0 : journal.lastSequence(), Math::max);
    }

    /** The newest term in the journal; 0 if there is none. */
    public long term() {
        return journal == null ? 0 : journal.newest().term();
    }

    /** For each of the collections the sequence of its last change. */
    public Map<String, Long> lastChanges() {
        Map<String, Long> last = new HashMap<>();
        if (journal != null) {
            int newest = journal.segments().size() - 1;
            last.putAll(journal.segments().get(newest).lastChanges());
            for (Frame frame : journal.frames()) {
                for (Change change : frame.changes()) {
                    last.merge(change.collection(), frame.sequence(), Math::max);
                }
            }
        }
        last.keySet()
                .retainAll(collections.stream()
                        .map(collection -> collection.state().schema().name())
                        .toList());
        return last;
    }
}
