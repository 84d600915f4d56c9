package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Query;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The videos over HTTP. Who writes, or asks where the storage stands, needs the token; without one there are no such paths. */
final class VideoApi {

    /** Set on an answer that came from the JSON copy, because the database is away: the time of the copy. */
    static final String STALE_HEADER = "X-Storage-Stale";

    static final String PATH = "/api/videos";
    private static final String SCHEME = "Bearer ";
    private static final Query NEWEST_FIRST = Query.all().orderBy(Sort.descending("processed_at"));

    private final SwitchoverStorage storage;
    private final Repository<Video, String> videos;
    private final @Nullable String token;

    VideoApi(SwitchoverStorage storage, @Nullable String token) {
        this.storage = storage;
        this.videos = storage.repository(Videos.VIDEOS);
        this.token = token;
    }

    void addTo(JavalinDefaultRoutingApi routes) {
        routes.get(PATH, this::list).get(PATH + "/{id}", this::find);
        if (token != null) {
            routes.put(PATH + "/{id}", this::store)
                    .delete(PATH + "/{id}", this::delete)
                    .get("/api/admin/storage", this::status);
        }
    }

    private void list(Context context) {
        ErrorAnswers.json(context, read(context, videos.read(view -> view.list(NEWEST_FIRST))));
    }

    private void find(Context context) {
        String id = context.pathParam("id");
        Video video = read(context, videos.read(view -> view.findById(id)))
                .orElseThrow(() -> new NotFoundResponse("There is no such video"));
        ErrorAnswers.json(context, video);
    }

    private void store(Context context) {
        requireToken(context);
        Video video;
        try {
            video = VideoJson.read(context.bodyAsBytes());
        } catch (IOException malformed) {
            throw new HttpResponseException(422, "The body is no processed video", Map.of());
        }
        if (!video.videoId().equals(context.pathParam("id"))) {
            throw new HttpResponseException(422, "The video_id of the body is not that of the address", Map.of());
        }
        videos.save(video);
        ErrorAnswers.json(context, Map.of("status", "stored"));
    }

    private void delete(Context context) {
        requireToken(context);
        if (!videos.delete(context.pathParam("id"))) {
            throw new NotFoundResponse("There is no such video");
        }
        ErrorAnswers.json(context, Map.of("status", "deleted"));
    }

    private void status(Context context) {
        requireToken(context);
        context.contentType("application/json").result(storage.status().toJson());
    }

    private static <R> R read(Context context, Read<R> read) {
        read.staleAsOf().ifPresent(copy -> context.header(STALE_HEADER, copy.toString()));
        return read.value();
    }

    /** Compared in a time that tells nothing about the token, but its length. */
    private void requireToken(Context context) {
        String given = context.header("Authorization");
        if (token == null
                || given == null
                || !given.startsWith(SCHEME)
                || !MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8),
                        given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new UnauthorizedResponse("Send the header Authorization: Bearer, with the token of this service");
        }
    }
}
