package dev.switchover.examples.videos;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** The static site as the web process serves it: one page that loads {@code results.json}, the very file. */
final class WebPage {

    static final String FILE = "index.html";

    private final byte[] page = bytes();
    private final Path directory;

    WebPage(Path directory) {
        this.directory = directory;
    }

    void addTo(JavalinDefaultRoutingApi routes) {
        routes.get("/", this::page)
                .get("/" + Videos.FILE, context -> file(context, Videos.FILE, "application/json"))
                .get("/" + Videos.COPY, context -> file(context, Videos.COPY, "text/plain"));
    }

    static byte[] bytes() {
        try (InputStream file = Objects.requireNonNull(WebPage.class.getResourceAsStream(FILE))) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("The page is not in the jar", e);
        }
    }

    private void page(Context context) {
        context.header("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")
                .contentType("text/html; charset=utf-8")
                .result(page);
    }

    private void file(Context context, String name, String type) {
        try {
            context.contentType(type).result(Files.readAllBytes(directory.resolve(name)));
        } catch (NoSuchFileException e) {
            throw new NotFoundResponse("Nothing was written yet");
        } catch (IOException e) {
            throw new IllegalStateException("The file " + name + " cannot be read", e);
        }
    }
}
