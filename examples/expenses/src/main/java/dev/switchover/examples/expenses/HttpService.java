package dev.switchover.examples.expenses;

import dev.switchover.dualwrite.SwitchoverStorage;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.Map;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;

/** The service on its port. Closing it lets the requests in flight finish; the storage stays open. Thread-safe. */
final class HttpService implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final long LARGEST_BODY = 1 << 20;

    private final Javalin javalin;
    private final @Nullable AdminApi admin;

    private HttpService(Javalin javalin, @Nullable AdminApi admin) {
        this.javalin = javalin;
        this.admin = admin;
    }

    static HttpService start(ServiceSettings settings, SwitchoverStorage storage) {
        String token = settings.adminToken();
        AdminApi admin = token == null ? null : new AdminApi(token, storage);
        Javalin javalin = Javalin.create(config -> {
            prepare(config);
            config.routes.get(
                    "/",
                    context -> Answers.json(
                            context, Map.of("message", "Home Budget: see /api/v1/expense and /api/v1/income")));
            config.routes.get("/api/v1/health", context -> Answers.json(context, Map.of("status", "ok")));
            new EntryApi<>(EntryKind.EXPENSE, storage).addTo(config.routes);
            new EntryApi<>(EntryKind.INCOME, storage).addTo(config.routes);
            if (admin != null) {
                admin.addTo(config.routes);
            }
            ErrorAnswers.addTo(config.routes);
        });
        return new HttpService(javalin.start(settings.host(), settings.port()), admin);
    }

    private static void prepare(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = LARGEST_BODY;
        config.http.defaultContentType = "application/json";
        config.jetty.modifyServer(HttpService::prepare);
    }

    private static void prepare(Server server) {
        server.setStopTimeout(STOP_TIMEOUT.toMillis());
        server.setHandler(new GracefulHandler());
        // For what never gets as far as Javalin, such as a malformed request line.
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false);
        errors.setShowCauses(false);
        errors.setDefaultResponseMimeType("application/json");
        server.setErrorHandler(errors);
    }

    /** The port it listens on, also where it was left open which. */
    int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
        if (admin != null) {
            admin.close();
        }
    }
}
