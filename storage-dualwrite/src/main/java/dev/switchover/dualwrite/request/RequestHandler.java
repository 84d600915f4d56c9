package dev.switchover.dualwrite.request;

/**
 * Carries out requests of one kind. One at a time in a process; a request may come a second time if the holder before died, so
 * doing it twice does no harm. Thread-safe.
 */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Does what is asked for and returns when it is done.
     *
     * @return what came of it, as the text of one JSON value of at most 1 MiB
     * @throws dev.switchover.storage.StorageException why it could not be done; its message is told to the asker
     */
    String handle(Request request, HeldStorage storage, RequestProgress progress);
}
