package dev.switchover.json.directory;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is. The user's files lie in the directory itself, all else in its hidden folder:
 *
 * <pre>
 * expenses.json                       the user's file
 * .expenses.json.switchover           its next version, while it is being written
 * .switchover/lock                    never deleted; its lock belongs to one process
 * .switchover/holder                  who that is; replaced by each holder before it reads
 * .switchover/take-over.json          a newcomer's request for the directory
 * .switchover/requests/               what other processes ask of the holder, and its answers
 * .switchover/retired.json            that there are no JSON files any more, and where their archive is
 * .switchover/journal-3-1             journal segments: term of the lock, number
 * .switchover/checkpoint-expenses-17  what the file does not hold: versions, ledger, pending ids
 * .switchover/aside/                  edited files that were not taken in
 * </pre>
 */
public record StoreDirectory(Path root) {

    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-([a-z][a-z0-9_]*)-([0-9]{1,18})");

    /** A checkpoint's collection and number, read from its file name. */
    public record CheckpointName(String collection, long number) {}

    public Path hidden() {
        return root.resolve(".switchover");
    }

    public Path aside() {
        return hidden().resolve("aside");
    }

    public Path lock() {
        return hidden().resolve("lock");
    }

    public Path holder() {
        return hidden().resolve("holder");
    }

    /** Where a newcomer asks the holder for the directory. */
    public Path takeOver() {
        return hidden().resolve("take-over.json");
    }

    /** Where work on the directory is asked of its holder. */
    public Path requests() {
        return hidden().resolve("requests");
    }

    /** Where it is written that JSON was retired. */
    public Path retired() {
        return hidden().resolve("retired.json");
    }

    public Path segment(long term, long number) {
        return hidden().resolve("journal-" + term + "-" + number);
    }

    public Path checkpoint(String collection, long number) {
        return hidden().resolve("checkpoint-" + collection + "-" + number);
    }

    public Path user(String fileName) {
        return root.resolve(fileName);
    }

    /** The name under which a file is written before it takes its own: in the same directory, so that a rename suffices. */
    public static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".switchover");
    }

    /** Null if the name is not that of a checkpoint. */
    public static @Nullable CheckpointName checkpointName(Path file) {
        Matcher name = CHECKPOINT.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? new CheckpointName(name.group(1), Long.parseLong(name.group(2))) : null;
    }
}
