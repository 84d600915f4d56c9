package dev.switchover.dualwrite.request;

/**
 * Carries out requests of one kind. One at a time in a process; a request may come a second time if the holder before had not
 * ended, so doing it twice does no harm. Thread-safe.
 */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Does what is asked for and returns when it is done.
     *
     * @return what came of it, as the text of one JSON value of about 1 MiB at most: an answer takes 2, its quotes escaped
     * @throws dev.switchover.storage.StorageException why it could not be done; its message is told to the asker
     */
    String handle(Request request, HeldStorage storage, RequestProgress progress);
}
