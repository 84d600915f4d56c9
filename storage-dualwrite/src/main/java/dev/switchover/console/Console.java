package dev.switchover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchover.dualwrite.StorageHealth;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Shown;
import dev.switchover.storage.StorageException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page for operators over an open storage, to be mounted by the service below a path of its own. It shows the phase, what is pending
 * and parked, lag and drift over time and the last works, and has buttons for verifying and exporting. It loads nothing from elsewhere.
 *
 * <pre>{@code
 * Console console = Console.over(storage).path("/api/admin/console").token(adminToken).open();
 * // for each request below that path:
 * ConsoleAnswer answer = console.answer(new ConsoleRequest(method, pathBelow, headers::get, body));
 * }</pre>
 *
 * <p>With a token a browser is asked for it once and then holds a session of twelve hours in a cookie that scripts cannot read and other
 * sites cannot send; programs send {@code Authorization: Bearer}. Without one the service has to ask who it is by itself, before it
 * hands a request on. Either way what changes something is taken from our own page only.
 *
 * <p>Thread-safe. Close it before the storage. One thread, {@code switchover-console}, asks for the status every five seconds.
 */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.console");

    private static final int SHOWN_AT_MOST = 100;

    private final SwitchoverStorage storage;
    private final String path;
    private final Access access;
    private final Pages pages = new Pages();
    private final History history = new History();
    private final Jobs jobs;
    private final Map<String, Supplier<String>> works = new LinkedHashMap<>();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "switchover-console");
        made.setDaemon(true);
        return made;
    });

    private Console(Builder builder) {
        this.storage = builder.storage;
        this.path = builder.path;
        this.access = new Access(builder.token, builder.path, builder.secure);
        this.jobs = new Jobs(builder.clock);
        works.put("verify", () -> Works.verify(storage));
        works.put("rollback-check", () -> Works.rollback(storage));
        works.put("export", () -> Works.export(storage));
    }

    public static Builder over(SwitchoverStorage storage) {
        return new Builder(storage);
    }

    /** Not thread-safe. */
    public static final class Builder {

        private final SwitchoverStorage storage;
        private String path = "/";
        private @Nullable String token;
        private boolean secure;
        private Clock clock = Clock.systemUTC();

        private Builder(SwitchoverStorage storage) {
            this.storage = storage;
        }

        /** Where the service mounts it, as browsers see it: {@code /api/admin/console}. */
        public Builder path(String mount) {
            if (!mount.startsWith("/")) {
                throw new IllegalArgumentException("A path begins with a slash: " + mount);
            }
            this.path = mount.endsWith("/") ? mount : mount + "/";
            return this;
        }

        /** Asked for once by each browser. @throws IllegalArgumentException if it is blank */
        public Builder token(String secret) {
            if (secret.isBlank()) {
                throw new IllegalArgumentException(
                        "A blank token would let everybody in; leave it out if the service asks by itself");
            }
            this.token = secret;
            return this;
        }

        /** Browsers reach the service by HTTPS: the cookie is then never sent without. */
        public Builder https() {
            this.secure = true;
            return this;
        }

        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        public Console open() {
            Console console = new Console(this);
            console.sampler.scheduleWithFixedDelay(console::sample, 0, History.STEP.toMillis(), TimeUnit.MILLISECONDS);
            return console;
        }
    }

    private void sample() {
        try {
            history.add(storage.status());
        } catch (StorageException e) {
            LOG.debug("No status: {}", e.getMessage());
        }
    }

    /** Never throws for what a request holds: what is wrong with it, the answer says. */
    public ConsoleAnswer answer(ConsoleRequest request) {
        if (request.path().isEmpty()) {
            return ConsoleAnswer.seeOther(path);
        }
        boolean get = request.method().equals("GET") || request.method().equals("HEAD");
        if (get) {
            ConsoleAnswer resource = pages.resource(request.path());
            if (resource != null) {
                return resource;
            }
        } else if (!request.method().equals("POST")) {
            return ConsoleAnswer.text(405, "GET and POST only").with("Allow", "GET, HEAD, POST");
        }
        if (!get && request.path().equals("/login") && access.asksForToken()) {
            return logIn(request);
        }
        Access.Visitor visitor = access.visitor(request);
        if (visitor == null) {
            return get && request.path().equals("/")
                    ? pages.login(200, "")
                    : ConsoleAnswer.text(401, "Send the header Authorization: Bearer, with the token, or log in")
                            .with("WWW-Authenticate", "Bearer");
        }
        return get ? look(request, visitor) : change(request, visitor);
    }

    private ConsoleAnswer logIn(ConsoleRequest request) {
        try {
            String cookie = access.logIn(request, field(request.body(), "token"));
            return cookie == null
                    ? pages.login(403, "That is not the token of this service.")
                    : ConsoleAnswer.seeOther(path).with("Set-Cookie", cookie);
        } catch (Access.TooManyException e) {
            return pages.login(429, "Too many wrong tokens. Wait a minute.").with("Retry-After", "60");
        }
    }

    private ConsoleAnswer look(ConsoleRequest request, Access.Visitor visitor) {
        return switch (request.path()) {
            case "/" -> pages.console(visitor.secret(), access.asksForToken());
            case "/status" -> ConsoleAnswer.json(200, status().toString());
            case "/history" -> ConsoleAnswer.json(200, history.json(false).toString());
            case "/history/day" -> ConsoleAnswer.json(200, history.json(true).toString());
            default -> ConsoleAnswer.text(404, "There is nothing here");
        };
    }

    private ObjectNode status() {
        StorageStatus status = storage.status();
        StorageHealth health = StorageHealth.of(status);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("health", health.level().name());
        ArrayNode reasons = json.putArray("reasons");
        health.reasons().forEach(reasons::add);
        json.set("job", jobs.json());
        ObjectNode parked = json.putObject("parked");
        ObjectNode pending = json.putObject("pending");
        for (CollectionDefinition<?, ?> collection : storage.collections()) {
            Waiting waiting = waiting(status, collection);
            ArrayNode refused = parked.putArray(collection.name());
            waiting.parked()
                    .forEach(record -> refused.addObject()
                            .put("id", record.id())
                            .put("shown", Shown.id(record.id()))
                            .put("since", record.since().toString())
                            .put("reason", record.reason()));
            ArrayNode underWay = pending.putArray(collection.name());
            waiting.pending()
                    .forEach(record -> underWay.addObject()
                            .put("id", record.id())
                            .put("shown", Shown.id(record.id()))
                            .put("since", record.since().toString()));
        }
        json.putRawValue("status", new RawValue(status.toJson()));
        return json;
    }

    private record Waiting(List<StorageStatus.Pending> pending, List<StorageStatus.Parked> parked) {}

    /** The first of them; nothing is asked for where the status says that there is nothing. */
    private Waiting waiting(StorageStatus status, CollectionDefinition<?, ?> collection) {
        StorageStatus.CollectionStatus counts = status.collections().stream()
                .filter(one -> one.name().equals(collection.name()))
                .findFirst()
                .orElseThrow();
        try {
            return new Waiting(
                    counts.pending() > 0 ? storage.pending(collection, SHOWN_AT_MOST) : List.of(),
                    counts.parked() > 0
                            ? storage.parked(collection).stream()
                                    .limit(SHOWN_AT_MOST)
                                    .toList()
                            : List.of());
        } catch (StorageException e) {
            return new Waiting(List.of(), List.of()); // the status says that the store is away
        }
    }

    private ConsoleAnswer change(ConsoleRequest request, Access.Visitor visitor) {
        if (!access.mayChange(request, visitor)) {
            return ConsoleAnswer.text(403, "This did not come from the console's own page; load it again");
        }
        if (request.path().equals("/logout")) {
            return ConsoleAnswer.text(200, "Logged out").with("Set-Cookie", access.logOut(request));
        }
        String name = request.path().substring(1);
        Supplier<String> work = works.get(name);
        if (work == null) {
            return ConsoleAnswer.text(404, "There is nothing here");
        }
        return jobs.begin(name, work)
                ? ConsoleAnswer.json(202, jobs.json().toString())
                : ConsoleAnswer.text(409, "Something else is under way; wait until it has ended");
    }

    private static String field(String body, String name) {
        for (String pair : body.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                try {
                    return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    return "";
                }
            }
        }
        return "";
    }

    /** Ends its threads; a work that runs has some seconds to come to its end. The storage stays open. */
    @Override
    public void close() {
        sampler.shutdownNow();
        jobs.close();
    }
}
