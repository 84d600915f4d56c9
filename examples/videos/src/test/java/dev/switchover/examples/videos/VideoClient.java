package dev.switchover.examples.videos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Talks to a web process the way its users do. */
final class VideoClient {

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;

    VideoClient(URI address) {
        this.address = address;
    }

    /** @param stale the time of the copy, empty if the answer is none */
    record Answer(int status, String text, String stale) {

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text, e);
            }
        }
    }

    Answer get(String path) {
        return send("GET", path, "", null);
    }

    Answer put(Video video) {
        return send(
                "PUT",
                VideoApi.PATH + "/" + video.videoId(),
                new String(VideoJson.write(video), StandardCharsets.UTF_8),
                RunningWeb.TOKEN);
    }

    Answer delete(String id) {
        return send("DELETE", VideoApi.PATH + "/" + id, "", RunningWeb.TOKEN);
    }

    Answer send(String method, String path, String body, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
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
}
