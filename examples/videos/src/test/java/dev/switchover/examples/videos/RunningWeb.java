package dev.switchover.examples.videos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The web process in this JVM, on a free port, and requests to it. */
final class RunningWeb implements AutoCloseable {

    static final String TOKEN = "open sesame";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Settings settings;
    private final SwitchoverStorage storage;
    private final WebService service;

    private RunningWeb(Settings settings, SwitchoverStorage storage, WebService service) {
        this.settings = settings;
        this.storage = storage;
        this.service = service;
    }

    record Answer(int status, String text, String stale) {

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text, e);
            }
        }
    }

    static RunningWeb start(Path directory, Map<String, String> variables) {
        Settings settings = settings(directory, 0, TOKEN);
        SwitchoverStorage storage = VideoStorage.open(directory, variables);
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

    Answer get(String path) {
        return send("GET", path, "", null);
    }

    Answer put(Video video) {
        return send(
                "PUT",
                VideoApi.PATH + "/" + video.videoId(),
                new String(VideoJson.write(video), java.nio.charset.StandardCharsets.UTF_8),
                TOKEN);
    }

    Answer send(String method, String path, String body, @org.jspecify.annotations.Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.web().resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue(VideoApi.STALE_HEADER).orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A processed video that says this. */
    static Video video(String id, String... lines) {
        return Processing.of(
                Transcript.parse(id, String.join("\n", lines)),
                java.time.Clock.fixed(java.time.Instant.parse("2026-03-01T10:00:00Z"), java.time.ZoneOffset.UTC));
    }

    /** Those of all videos. */
    List<String> ids() {
        Answer answer = get(VideoApi.PATH);
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
