package dev.switchover.storage.spi;

import java.util.List;

/** Is told of the writes of several callers that a store commits as a group. Thread-safe. */
@FunctionalInterface
public interface GroupCommitListener {

    /**
     * They are durable, and none of the callers knows yet; on the thread of one of them. Never throws, and holds them up no longer than a
     * mirror may hold up a writer.
     *
     * @param written the objects that the callers are given, too
     */
    void committed(List<Written> written);
}
