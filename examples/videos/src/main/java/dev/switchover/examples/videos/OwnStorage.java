package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Repository;

/** The storage, opened by the command line itself: one more instance on the database, or alone with the file. */
final class OwnStorage implements VideoSink {

    private final SwitchoverStorage storage;
    private final Repository<Video, String> videos;

    OwnStorage(SwitchoverStorage storage) {
        this.storage = storage;
        this.videos = storage.repository(Videos.VIDEOS);
    }

    @Override
    public boolean has(String videoId) {
        return videos.exists(videoId);
    }

    @Override
    public void store(Video video) {
        videos.save(video);
    }

    @Override
    public void close() {
        storage.close();
    }
}
