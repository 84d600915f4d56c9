package dev.switchover.json.commit;

import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal with its honour: what it says is written, is; and what it cannot write it tells apart into refused and unknown. Used
 * by the committer's thread, but for what is said to be for any.
 *
 * <p>After a failed append or force nothing is known about the end of the journal. Then everything in memory, which is
 * everything acknowledged, is written as checkpoints and a new segment is begun, which cuts the old one off. Until that has
 * worked, nothing is acknowledged. A force is never repeated: the second one would succeed although the data is gone.
 */
final class DurableJournal {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.json");
    private static final String TAKEN_OVER = "was taken over by another process, or its lock is gone";

    private final StoreState state;
    private final Journal journal;
    private final Surroundings surroundings;
    private final Unwritten unwritten;
    private final List<Frame> frames = new ArrayList<>();

    private Map<String, Long> covered = Map.of();

    /** Of this batch, and visible already. */
    private List<Frame> visible = List.of();

    private volatile SegmentName segment;
    private volatile @Nullable String lost;
    private volatile @Nullable IOException poison;

    DurableJournal(StoreState state, Journal journal, Surroundings surroundings, Unwritten unwritten) {
        this.state = state;
        this.unwritten = unwritten;
        this.journal = journal;
        this.surroundings = surroundings;
        this.segment = journal.segment();
    }

    /** The newest segment. Any thread. */
    SegmentName segment() {
        return segment;
    }

    /** Whether all that was acknowledged can be checkpointed and the journal be closed. Any thread. */
    boolean isHealthy() {
        return poison == null && lost == null;
    }

    /** Nothing is written from now on, nor taken to be written. Any thread. */
    void giveUp(String reason) {
        lost = reason;
        unwritten.stop();
    }

    /**
     * Gets ready for a batch, after a failure by healing first.
     *
     * @param decides whether there are requests in it, which must not decide beside others
     * @return null if frames may be staged
     */
    @Nullable
    RuntimeException begin(boolean decides) {
        if (decides) {
            unwritten.shut();
        }
        frames.clear();
        visible = List.of();
        if (lost != null) {
            unwritten.take();
            return unavailable(lost + "; restart this instance", null);
        }
        IOException failed = poison;
        if (failed != null && !heal()) {
            return unavailable("cannot be written since its disk failed", failed);
        }
        visible = unwritten.take();
        for (Frame frame : visible) {
            if (journal.stage(frame.millis(), frame.changes()) != frame.sequence()) {
                throw new IllegalStateException("frame " + frame.sequence() + " is not the next one");
            }
        }
        return null;
    }

    /** The sequence the next staged frame gets. */
    long nextSequence() {
        return journal.stagedSequence() + 1;
    }

    int stagedLength() {
        return journal.stagedLength();
    }

    void stage(long millis, List<Change> changes) {
        frames.add(new Frame(journal.stage(millis, changes), millis, changes));
    }

    /** Writes what was staged and makes it visible. @return null if that was done, or what callers are to be told */
    @Nullable
    RuntimeException write(boolean force) {
        if (frames.isEmpty() && lost == null) {
            unwritten.open(); // beside what is done here with files
        }
        boolean nothing = frames.isEmpty() && visible.isEmpty() && (!force || journal.isForced());
        if (lost == null && !nothing && !isOwner()) {
            giveUp(TAKEN_OVER);
        }
        if (lost != null) {
            journal.unstage();
            return unavailable(lost + "; restart this instance", null);
        }
        if (nothing) {
            return null;
        }
        int bytes = journal.stagedLength();
        try {
            makeRoom();
        } catch (IOException noRoom) {
            // Nothing that counts was written, so the journal is as good as before.
            journal.unstage();
            unwritten.putBack(visible);
            unwritten.open();
            return unavailable("has no room: " + noRoom.getMessage(), noRoom);
        }
        RuntimeException failure = appendAndForce(force);
        if (failure != null) {
            return failure;
        }
        if (!isOwner()) {
            giveUp(TAKEN_OVER);
            return new UnknownOutcomeException(
                    "While this was being written, the JSON store " + lost + "; read the record to find out", null);
        }
        state.publish(frames);
        unwritten.open();
        surroundings.published(visible, 0);
        surroundings.published(frames, bytes);
        return null;
    }

    private void makeRoom() throws IOException {
        try {
            journal.makeRoom();
        } catch (IOException noRoom) {
            deleteCovered();
            journal.makeRoom();
        }
    }

    private @Nullable RuntimeException appendAndForce(boolean force) {
        long before = journal.length();
        boolean appended = false;
        try {
            if (!frames.isEmpty() || !visible.isEmpty()) {
                journal.append();
            }
            appended = true;
            if (force) {
                journal.force();
            }
            return null;
        } catch (IOException failed) {
            poison = failed;
            LOG.error(
                    "The JSON store's journal could not be {}: {}. Nothing is acknowledged before a fresh checkpoint is"
                            + " on the disk",
                    appended ? "forced" : "written",
                    failed.getMessage());
            return afterFailure(failed, appended, before);
        }
    }

    private RuntimeException afterFailure(IOException failed, boolean appended, long before) {
        // A checkpoint without these frames, and a segment that cuts them off, make sure that they never happened.
        boolean gone = heal() || !appended && isCutBack(before, failed);
        if (gone) {
            return unavailable("could not be written: " + failed.getMessage(), failed);
        }
        return new UnknownOutcomeException(
                "The JSON store's disk failed while this was being written (" + failed.getMessage()
                        + "); it may be there after a restart or not",
                failed);
    }

    private boolean isCutBack(long length, IOException failed) {
        try {
            journal.cutBack(length);
            return true;
        } catch (IOException also) {
            failed.addSuppressed(also);
            return false;
        }
    }

    private boolean isOwner() {
        return surroundings.isOwner() && journal.isNewest();
    }

    /** Leaves the segment whose end is unknown. @return whether that worked */
    private boolean heal() {
        unwritten.shut();
        journal.unstage();
        if (!isOwner()) {
            return false;
        }
        deleteCovered();
        try {
            covered = surroundings.checkpointEverything(segment);
            deleteCovered();
            journal.restart(state.sequence(), lastChanges());
            unwritten.take(); // the checkpoints have it
            segment = journal.segment();
            poison = null;
            LOG.warn("The JSON store writes again: a fresh checkpoint and a new journal segment are on the disk");
            return true;
        } catch (IOException stillBroken) {
            LOG.warn("The JSON store still cannot write: {}", stillBroken.getMessage());
            return false;
        }
    }

    private Map<String, Long> lastChanges() {
        return state.collections().stream()
                .collect(Collectors.toMap(collection -> collection.schema().name(), CollectionState::lastChange));
    }

    /** @param frames for each collection, up to which a checkpoint is on the disk */
    void noteCovered(Map<String, Long> frames) {
        covered = frames;
    }

    /** Begins a new segment if the present one is long, and deletes those that are covered. Everything appended is on the disk. */
    void tidy() {
        if (!isOwner()) {
            return;
        }
        try {
            journal.rotateIfLong();
            segment = journal.segment();
            journal.deleteCovered(covered);
        } catch (IOException later) {
            if (journal.endsHere()) {
                poison = later;
            }
            untidy(later);
        }
    }

    /** Needs no room, and makes some. */
    private void deleteCovered() {
        if (!isOwner()) {
            return;
        }
        try {
            journal.deleteCovered(covered);
        } catch (IOException later) {
            untidy(later);
        }
    }

    private static void untidy(IOException failure) {
        LOG.warn("The JSON store's journal could not be tidied up: {}", failure.getMessage());
    }

    private static StoreUnavailableException unavailable(String what, @Nullable Throwable cause) {
        return new StoreUnavailableException(
                Store.JSON, "The JSON store " + what + ". Nothing was written; reads go on", cause);
    }
}
