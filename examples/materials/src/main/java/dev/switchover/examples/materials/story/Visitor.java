package dev.switchover.examples.materials.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a service what a reader would ask with curl. Thread-safe. */
final class Visitor {

    static final String TOKEN = "secret";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int port;

    Visitor(int port) {
        this.port = port;
    }

    /** @param stale the time of the copy, empty if the answer is none */
    record Answer(int status, String text, String stale) {}

    Answer document() throws IOException {
        return send("GET", "/api/materials", "");
    }

    Answer history() throws IOException {
        return send("GET", "/api/edit-history", "");
    }

    Answer replace(String document) throws IOException {
        return send("PUT", "/api/materials", document);
    }

    Answer edit(String section, int item, String field, String value) throws IOException {
        return send(
                "PATCH",
                "/api/materials",
                "{\"section\": \"" + section + "\", \"item\": " + item + ", \"field\": \"" + field + "\", \"value\": "
                        + value + "}");
    }

    Answer export() throws IOException {
        return send("POST", "/api/admin/export-to-json", "");
    }

    Answer verify() throws IOException {
        return send("POST", "/api/admin/verify", "");
    }

    private Answer send(String method, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + TOKEN)
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
            String stale = answer.headers().firstValue("X-Storage-Stale").orElse("");
            return new Answer(answer.statusCode(), answer.body(), stale);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
