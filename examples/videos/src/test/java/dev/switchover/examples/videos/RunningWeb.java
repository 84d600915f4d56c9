package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The web process in this JVM, on a free port, and requests to it. */
final class RunningWeb implements AutoCloseable {

    static final String TOKEN = "open sesame";

    private final Settings settings;
    private final VideoClient client;
    private final SwitchoverStorage storage;
    private final WebService service;

    private RunningWeb(Settings settings, SwitchoverStorage storage, WebService service) {
        this.settings = settings;
        this.client = new VideoClient(settings.web());
        this.storage = storage;
        this.service = service;
    }

    static RunningWeb start(Path directory, Map<String, String> variables) {
        return start(directory, variables, Clock.systemUTC());
    }

    static RunningWeb start(Path directory, Map<String, String> variables, Clock clock) {
        Settings settings = settings(directory, 0, TOKEN);
        SwitchoverStorage storage = VideoStorage.open(directory, variables, clock);
        WebService service = WebService.start(settings, storage);
        return new RunningWeb(settings(directory, service.port(), TOKEN), storage, service);
    }

    static Settings settings(Path directory, int port, String token) {
        return new Settings("127.0.0.1", port, directory, token, URI.create("http://127.0.0.1:" + port));
    }

    /** Of a start in this phase. */
    static Map<String, String> variables(Phase phase, String databaseUrl) {
        return StorageVariables.of(environment(phase, databaseUrl));
    }

    static Map<String, String> environment(Phase phase, String databaseUrl) {
        Map<String, String> environment = new HashMap<>();
        environment.put("FF_USE_DATABASE_STORAGE", Boolean.toString(phase.databasePhase()));
        environment.put("FF_DUAL_WRITE_ENABLED", Boolean.toString(phase.mirrored()));
        environment.put("DATABASE_URL", databaseUrl);
        return environment;
    }

    Settings settings() {
        return settings;
    }

    SwitchoverStorage storage() {
        return storage;
    }

    VideoClient.Answer get(String path) {
        return client.get(path);
    }

    VideoClient.Answer put(Video video) {
        return client.put(video);
    }

    VideoClient.Answer send(String method, String path, String body, @Nullable String token) {
        return client.send(method, path, body, token);
    }

    /** A processed video that says this. */
    static Video video(String id, String... lines) {
        return Processing.of(
                Transcript.parse(id, String.join("\n", lines)),
                java.time.Clock.fixed(java.time.Instant.parse("2026-03-01T10:00:00Z"), java.time.ZoneOffset.UTC));
    }

    /** Those of all videos. */
    List<String> ids() {
        VideoClient.Answer answer = get(VideoApi.PATH);
        if (answer.status() != 200) {
            throw new AssertionError(answer);
        }
        return answer.json().findValuesAsText("video_id");
    }

    @Override
    public void close() {
        service.close();
        storage.close();
    }
}
