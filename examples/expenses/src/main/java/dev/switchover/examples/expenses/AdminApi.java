package dev.switchover.examples.expenses;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchover.console.Console;
import dev.switchover.console.ConsoleAnswer;
import dev.switchover.console.ConsoleRequest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.storage.StorageException;
import io.javalin.http.Context;
import io.javalin.http.InternalServerErrorResponse;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator asks, behind a token. Where there is no token there are no such paths. */
final class AdminApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

    private static final String SCHEME = "Bearer ";
    private static final String CONSOLE = "/api/admin/console";

    private final byte[] token;
    private final SwitchoverStorage storage;
    private final Console console;

    AdminApi(String token, SwitchoverStorage storage) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.storage = storage;
        this.console = Console.over(storage).path(CONSOLE).token(token).open();
    }

    void addTo(JavalinDefaultRoutingApi routes) {
        routes.get("/api/admin/storage", this::status)
                .post("/api/admin/verify", this::verify)
                .post("/api/admin/export-to-json", this::export)
                .get(CONSOLE, this::console)
                .get(CONSOLE + "/*", this::console)
                .post(CONSOLE + "/*", this::console);
    }

    private void status(Context context) {
        requireToken(context);
        context.contentType("application/json").result(storage.status().toJson());
    }

    private void verify(Context context) {
        requireToken(context);
        List<RawValue> reports;
        try {
            reports = storage.verify().stream()
                    .map(VerificationReport::toJson)
                    .map(RawValue::new)
                    .toList();
        } catch (StorageException e) {
            throw failed("verify", e);
        }
        Answers.json(context, Map.of("status", "success", "collections", reports));
    }

    private void export(Context context) {
        requireToken(context);
        ExportReport report;
        try {
            report = storage.export();
        } catch (StorageException e) {
            throw failed("export", e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "success");
        answer.put("message", "JSON export completed");
        answer.put("export", new RawValue(report.toJson()));
        Answers.json(context, answer);
    }

    private static InternalServerErrorResponse failed(String what, StorageException e) {
        LOG.warn("{} failed: {}", what, e.getMessage());
        return new InternalServerErrorResponse(String.valueOf(e.getMessage()));
    }

    /** It asks for the token by itself. */
    private void console(Context context) {
        ConsoleAnswer answer = console.answer(new ConsoleRequest(
                context.method().name(), context.path().substring(CONSOLE.length()), context::header, context.body()));
        answer.headers().forEach(context::header);
        context.status(answer.status()).result(answer.body());
    }

    private void requireToken(Context context) {
        if (!allowed(context.header("Authorization"))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new UnauthorizedResponse("Send the header Authorization: Bearer, with the token of this service");
        }
    }

    /** In a time that tells nothing about the token, but its length. */
    private boolean allowed(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token, given);
    }

    @Override
    public void close() {
        console.close();
    }
}
