package dev.switchover.examples.videos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The running web process: where JSON leads it alone writes the file, so the command line writes through it. */
final class WebProcess implements VideoSink {

    private static final Duration CONNECTING = Duration.ofSeconds(3);
    /** Longer than any write takes. */
    private static final Duration ANSWERING = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECTING).build();
    private final URI address;
    private final @Nullable String token;

    WebProcess(URI address, @Nullable String token) {
        this.address = address;
        this.token = token;
    }

    /** @throws IOException if something answers there, but not as a web process does */
    boolean runs() throws IOException {
        HttpResponse<String> answer;
        try {
            answer = send(request("/api/health").GET());
        } catch (ConnectException nobody) {
            return false;
        }
        if (answer.statusCode() != 200 || !answer.body().contains("\"videos\"")) {
            throw new IOException("Something else answers at " + address + "; name the web process in VIDEOS_URL");
        }
        return true;
    }

    @Override
    public boolean has(String videoId) throws IOException {
        int status = send(request(path(videoId)).GET()).statusCode();
        if (status != 200 && status != 404) {
            throw new IOException("The web process answered " + status);
        }
        return status == 200;
    }

    @Override
    public void store(Video video) throws IOException {
        HttpRequest.Builder request = request(path(video.videoId()))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.ofByteArray(VideoJson.write(video)));
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() != 200) {
            throw new IOException("The web process answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private static String path(String videoId) {
        return VideoApi.PATH + "/"
                + URLEncoder.encode(videoId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(ANSWERING);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        // The client of JDK 17 has nothing to close.
    }
}
