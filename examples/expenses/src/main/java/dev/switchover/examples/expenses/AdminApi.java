package dev.switchover.examples.expenses;

import io.javalin.http.Context;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the operator asks, behind a token. Where there is no token there are no such paths. */
final class AdminApi {

    private static final String SCHEME = "Bearer ";

    private final byte[] token;
    private final Supplier<String> status;

    /** @param status the storage status as JSON text */
    AdminApi(String token, Supplier<String> status) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.status = status;
    }

    void addTo(JavalinDefaultRoutingApi routes) {
        routes.get("/api/admin/storage", this::storage);
    }

    private void storage(Context context) {
        if (!allowed(context.header("Authorization"))) {
            context.header("WWW-Authenticate", "Bearer");
            throw new UnauthorizedResponse("Send the header Authorization: Bearer, with the token of this service");
        }
        context.contentType("application/json").result(status.get());
    }

    /** In a time that tells nothing about the token, but its length. */
    private boolean allowed(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token, given);
    }
}
