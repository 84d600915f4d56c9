package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** The web process on its port. Closing it lets the requests in flight finish; the storage stays open. Thread-safe. */
final class WebService implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_BODY = 8 << 20;

    private final Javalin javalin;

    private WebService(Javalin javalin) {
        this.javalin = javalin;
    }

    static WebService start(Settings settings, SwitchoverStorage storage) {
        Javalin javalin = Javalin.create(config -> {
            prepare(config);
            config.routes.get(
                    "/api/health", context -> ErrorAnswers.json(context, Map.of("service", "videos", "status", "ok")));
            new WebPage(settings.dataDirectory()).addTo(config.routes);
            new VideoApi(storage, settings.adminToken()).addTo(config.routes);
            ErrorAnswers.addTo(config.routes);
        });
        return new WebService(javalin.start(settings.host(), settings.port()));
    }

    private static void prepare(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = LARGEST_BODY;
        config.http.defaultContentType = "application/json";
        config.jetty.modifyServer(WebService::prepare);
    }

    private static void prepare(Server server) {
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        server.setHandler(new GracefulHandler());
    }

    /** The port it listens on, also where it was left open which. */
    int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
