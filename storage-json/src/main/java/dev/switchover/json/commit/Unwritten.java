package dev.switchover.json.commit;

import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.records.StoreState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames that are visible, have their numbers, and are not in the journal yet: the committer writes them first, and in order, with the batch
 * after them, for which it rests a moment. It is for what somebody else keeps until it is forced, as a mirror's primary does: then nobody
 * waits for a file, nor for another thread.
 *
 * <p>Open while all that has been decided is visible: only then can be decided on a caller's thread. Thread-safe.
 */
final class Unwritten {

    private static final int FRAMES = 1_000;
    private static final long BYTES = 1 << 20;

    private final StoreState state;
    private final Clock clock;

    /** Held while memory is changed, never while a file is touched. */
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Frame> frames = new ArrayList<>();
    private long bytes;
    private boolean open;
    private boolean stopped;

    Unwritten(StoreState state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    /**
     * Lets the request decide, and makes visible what it decided.
     *
     * @param nudge told that there is something to be written, where there was nothing
     * @return false if it has to wait for the committer; it has not been looked at
     */
    boolean run(Request<?> request, Runnable nudge) {
        lock.lock();
        try {
            if (!open || frames.size() >= FRAMES || bytes >= BYTES) {
                return false;
            }
            // Until it has come to its end nobody knows what is visible.
            open = false;
            long sequence = state.sequence() + 1;
            Draft draft = new Draft(state, null, sequence);
            if (request.run(draft) && !draft.changes().isEmpty()) {
                Frame frame = new Frame(sequence, clock.millis(), draft.changes());
                state.publish(List.of(frame));
                if (frames.isEmpty()) {
                    nudge.run();
                }
                frames.add(frame);
                bytes += bytes(frame);
            }
            open = !stopped;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static long bytes(Frame frame) {
        long bytes = 0;
        for (Change change : frame.changes()) {
            bytes += change instanceof Change.Put put ? put.body().length : 0;
        }
        return bytes;
    }

    /** The last frame published has the number before the next one. By the committer. */
    void open() {
        lock.lock();
        try {
            open = !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is taken from now on. Any thread. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            open = false;
        } finally {
            lock.unlock();
        }
    }

    /** By the committer, before it decides or looks at everything in memory. */
    void shut() {
        lock.lock();
        try {
            open = false;
        } finally {
            lock.unlock();
        }
    }

    /** What is to be written first; what comes after it has later numbers. */
    List<Frame> take() {
        lock.lock();
        try {
            List<Frame> taken = List.copyOf(frames);
            frames.clear();
            bytes = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** They could not be written, and will be. */
    void putBack(List<Frame> taken) {
        lock.lock();
        try {
            frames.addAll(0, taken);
            taken.forEach(frame -> bytes += bytes(frame));
        } finally {
            lock.unlock();
        }
    }
}
