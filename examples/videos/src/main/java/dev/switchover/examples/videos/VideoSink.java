package dev.switchover.examples.videos;

import java.io.IOException;

/** Where the command line brings what it has processed. Used by one thread. */
interface VideoSink extends AutoCloseable {

    boolean has(String videoId) throws IOException;

    /**
     * Stores a video whole, new or not. When it returns, the video is durable.
     *
     * @throws IOException if nobody knows whether it was stored, or the web process refused it
     * @throws dev.switchover.storage.StorageException what the storage throws
     */
    void store(Video video) throws IOException;

    @Override
    void close();
}
