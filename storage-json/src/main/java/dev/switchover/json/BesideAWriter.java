package dev.switchover.json;

import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads files that somebody may be writing meanwhile. A writer may replace some between two of our reads, and then what was read
 * does not fit together; or it may append to one while we read it, and then we can have a later page with a frame in it and the
 * page before without one. Both look like damage, but what was being written is whole the next time. So what is wrong in the same
 * way twice in a row, among the same files, is wrong.
 */
final class BesideAWriter {

    private static final int ATTEMPTS = 20;
    private static final long PAUSE = 20_000_000;

    interface Reading<T> {
        T read() throws IOException;
    }

    private BesideAWriter() {}

    /**
     * @param names of all files that are read; none of them ever takes a name again
     * @throws StoreUnavailableException if they were other files each time
     */
    static <T> T read(String what, Reading<Set<String>> names, Reading<T> reading) throws IOException {
        String wrongBefore = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Set<String> before = names.read();
            try {
                T found = reading.read();
                if (before.equals(names.read())) {
                    return found;
                }
            } catch (NoSuchFileException | CorruptFileException | StartRefusedException wrong) {
                boolean twice = wrongBefore.equals(wrong.toString()) && before.equals(names.read());
                if (twice || attempt == ATTEMPTS) {
                    throw wrong;
                }
                wrongBefore = wrong.toString();
            }
            LockSupport.parkNanos(PAUSE);
        }
        throw new StoreUnavailableException(
                Store.JSON, "The files in " + what + " changed while they were read; try again", null);
    }
}
