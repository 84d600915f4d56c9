package dev.switchover.json.journal;

import dev.switchover.json.binary.ByteWriter;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The end of the journal that is written: {@link #stage} frames, {@link #append} them, {@link #force} them. Space is filled
 * with zeros ahead of the frames, so that a force need not write the file's length too. Used by one thread, the committer.
 */
public final class Journal implements Closeable {

    /** Space is taken in steps of this size. */
    private static final int STEP = 1 << 20;
    /** A segment that is longer makes place for a new one when there is an occasion. */
    private static final long SEGMENT = 16L << 20;

    private final Disk disk;
    private final StoreDirectory directory;
    private final UUID id;
    private final long term;
    private final ByteWriter staged = new ByteWriter(1 << 16);
    private final Map<String, Long> lastChanges;
    private final Map<String, Long> stagedChanges = new HashMap<>();
    private final Deque<Closed> closed = new ArrayDeque<>();

    private DiskFile file;
    private SegmentName name;
    private long end;
    private long start;
    private long allocated;
    private long lastSequence;
    private long stagedSequence;
    private long forced;
    private boolean endsHere;

    /** @param lastChanges as of its end: once checkpoints cover these, it is not needed any more */
    private record Closed(SegmentName name, Map<String, Long> lastChanges) {}

    /**
     * Begins the first segment of a term, behind what was read.
     *
     * @param lastSequence of what was read; everything behind it is cut off
     * @param lastChanges of each collection in all frames up to there
     */
    public Journal(
            Disk disk, StoreDirectory directory, UUID id, long term, long lastSequence, Map<String, Long> lastChanges)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.id = id;
        this.term = term;
        this.lastSequence = lastSequence;
        this.stagedSequence = lastSequence;
        this.forced = lastSequence;
        this.lastChanges = new HashMap<>(lastChanges);
        this.name = new SegmentName(term, 1);
        this.file = begin(name);
    }

    /**
     * Segments of earlier terms, in order, to be deleted when they are covered. Collections that are not known here are
     * covered already.
     */
    public void inherit(List<JournalContent.Segment> segments) {
        for (int i = 0; i < segments.size(); i++) {
            Map<String, Long> atEnd =
                    new HashMap<>(i + 1 < segments.size() ? segments.get(i + 1).lastChanges() : lastChanges);
            atEnd.keySet().retainAll(lastChanges.keySet());
            closed.addLast(new Closed(segments.get(i).name(), Map.copyOf(atEnd)));
        }
    }

    public SegmentName segment() {
        return name;
    }

    public long lastSequence() {
        return lastSequence;
    }

    public long term() {
        return term;
    }

    /** Length of the frames in the present segment, in bytes. */
    public long length() {
        return end - start;
    }

    /**
     * Whether nobody else has taken the directory over: a later holder writes segments of the next term, and deletes ours
     * when it has read them.
     */
    public boolean isNewest() {
        return Files.exists(name.in(directory)) && !Files.exists(directory.segment(term + 1, 1));
    }

    /** Adds a frame to those that the next {@link #append} writes. @return its sequence */
    public long stage(long millis, List<Change> changes) {
        stagedSequence++;
        Frames.write(staged, stagedSequence, forced, millis, changes);
        for (Change change : changes) {
            stagedChanges.put(change.collection(), stagedSequence);
        }
        return stagedSequence;
    }

    /** The sequence of the frame staged last. */
    public long stagedSequence() {
        return stagedSequence;
    }

    /** Bytes staged so far. */
    public int stagedLength() {
        return staged.size();
    }

    /** Forgets what was staged. */
    public void unstage() {
        stagedSequence = lastSequence;
        stagedChanges.clear();
        staged.cut(0);
    }

    /**
     * Takes the space that the staged frames need.
     *
     * @throws IOException if there is none; nothing that counts has been written
     */
    public void makeRoom() throws IOException {
        long needed = end + staged.size();
        if (needed <= allocated) {
            return;
        }
        long generous = needed / STEP * STEP + STEP;
        try {
            zero(allocated, generous);
            allocated = generous;
        } catch (IOException noRoom) {
            zero(allocated, needed);
            allocated = needed;
        }
    }

    /** Writes the staged frames. When it throws, any of them may be in the file: only {@link #restart} helps. */
    public void append() throws IOException {
        file.write(ByteBuffer.wrap(staged.array(), 0, staged.size()), end);
        end += staged.size();
        lastSequence = stagedSequence;
        lastChanges.putAll(stagedChanges);
        unstage();
    }

    /** Everything appended is on the disk when it returns. When it throws, only {@link #restart} helps. */
    public void force() throws IOException {
        if (forced < lastSequence) {
            file.force();
            forced = lastSequence;
        }
    }

    public boolean isForced() {
        return forced == lastSequence;
    }

    /**
     * Whether a later segment that could not be begun may be on the disk all the same. A reader would leave out what is appended
     * to the present one from now on: only {@link #restart} helps.
     */
    public boolean endsHere() {
        return endsHere;
    }

    /** Begins a new segment if the present one has frames enough. Everything appended has been forced. */
    public void rotateIfLong() throws IOException {
        if (length() < SEGMENT || !isForced()) {
            return;
        }
        rotate();
    }

    private void rotate() throws IOException {
        SegmentName next = new SegmentName(term, name.number() + 1);
        DiskFile opened = begin(next);
        closed.addLast(new Closed(name, Map.copyOf(lastChanges)));
        try {
            file.close();
        } finally {
            file = opened;
            name = next;
        }
    }

    /**
     * Leaves a segment about whose end nothing is known. Checkpoints cover everything up to {@code last}; what was appended
     * behind it never happened.
     *
     * @param changes of each collection the last that did
     */
    public void restart(long last, Map<String, Long> changes) throws IOException {
        unstage();
        lastSequence = last;
        stagedSequence = last;
        lastChanges.replaceAll((collection, sequence) -> Math.min(sequence, changes.getOrDefault(collection, last)));
        rotate();
        forced = last;
    }

    /**
     * Takes back what was appended behind {@code length} bytes of frames.
     *
     * @throws IOException if it is not sure that it is gone
     */
    public void cutBack(long length) throws IOException {
        file.truncate(start + length);
        file.force();
        allocated = start + length;
        end = start + length;
    }

    private DiskFile begin(SegmentName next) throws IOException {
        byte[] header = new SegmentHeader(id, next, lastSequence + 1, Map.copyOf(lastChanges)).toBytes();
        if (next.number() > 1) {
            // Left by an attempt of ours that failed. The first of a term may be somebody else's.
            disk.delete(next.in(directory));
        }
        DiskFile opened = disk.create(next.in(directory));
        endsHere = true;
        boolean ready = false;
        try {
            opened.write(ByteBuffer.wrap(header), 0);
            opened.force();
            disk.forceDirectory(directory.hidden());
            ready = true;
        } finally {
            if (!ready) {
                opened.close();
                disk.delete(next.in(directory));
                disk.forceDirectory(directory.hidden());
            }
            endsHere = false;
        }
        start = header.length;
        end = header.length;
        allocated = header.length;
        return opened;
    }

    private void zero(long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(STEP, to - from));
        for (long at = from; at < to; at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            file.write(zeros, at);
        }
    }

    /**
     * Deletes segments that checkpoints cover, each durably before the next: where one ends in frames that never happened, only
     * the one behind it tells.
     *
     * @param covered for each collection, up to which sequence
     */
    public void deleteCovered(Map<String, Long> covered) throws IOException {
        while (!closed.isEmpty()) {
            Closed oldest = closed.getFirst();
            for (Map.Entry<String, Long> change : oldest.lastChanges.entrySet()) {
                if (covered.getOrDefault(change.getKey(), 0L) < change.getValue()) {
                    return;
                }
            }
            disk.delete(oldest.name.in(directory));
            disk.forceDirectory(directory.hidden());
            closed.removeFirst();
        }
    }

    /** Gives unused space back. */
    @Override
    public void close() throws IOException {
        try (DiskFile last = file) {
            last.truncate(end);
        }
    }
}
