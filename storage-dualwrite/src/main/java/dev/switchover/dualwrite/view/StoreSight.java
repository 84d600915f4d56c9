package dev.switchover.dualwrite.view;

import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** Whether a store can be looked at. */
public sealed interface StoreSight {

    /** It can. */
    record Seen(StoreView view) implements StoreSight {}

    /**
     * It does not answer, or what is there cannot be read.
     *
     * @param failure what looking at it ended with; null where nobody looked because it is known to be away
     */
    record Away(String reason, @Nullable StorageException failure) implements StoreSight {

        public static Away because(StorageException failure) {
            return new Away(String.valueOf(failure.getMessage()), failure);
        }

        /** Whether it is not merely away: it was retired, or what is there is not what it should be. */
        public boolean isUnusable() {
            return failure instanceof StartRefusedException || failure instanceof CorruptFileException;
        }
    }

    /** No database is configured. */
    record NotConfigured() implements StoreSight {}

    /**
     * The library has never been there.
     *
     * @param hasRecords whether there are records nevertheless
     */
    record Blank(boolean hasRecords) implements StoreSight {}
}
