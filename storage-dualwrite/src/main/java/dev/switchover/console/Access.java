package dev.switchover.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may look and who may change. The token itself is never kept in the browser: a session is, by a cookie no script can read and no
 * other site can send. What changes something has to come from our own page, which alone knows the session's secret. Thread-safe.
 */
final class Access {

    static final String COOKIE = "switchover_console";
    static final String SECRET_HEADER = "X-Switchover-Console";

    private static final Duration SESSION = Duration.ofHours(12);
    private static final int SESSIONS_AT_MOST = 64;
    private static final int FAILURES_AT_MOST = 10;
    private static final Duration FAILURES_COUNT = Duration.ofMinutes(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What a visitor may do it with. The secret is empty for one who sent the token itself, which no other site can. */
    record Visitor(String secret) {}

    private record Session(Visitor visitor, long since) {}

    private final byte @Nullable [] token;
    private final String cookieAttributes;
    private final Visitor host = new Visitor(random());
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private int failures;
    private long firstFailure;

    /**
     * @param token null if the service asks who it is by itself
     * @param path the cookie's
     */
    Access(@Nullable String token, String path, boolean secure) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        this.cookieAttributes = "; Path=" + path + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    boolean asksForToken() {
        return token != null;
    }

    /** Null if it is nobody we know. */
    synchronized @Nullable Visitor visitor(ConsoleRequest request) {
        if (token == null) {
            return host;
        }
        String authorization = request.header("Authorization");
        if (authorization != null) {
            boolean bearer = authorization.regionMatches(true, 0, "Bearer ", 0, 7);
            return bearer && matches(authorization.substring(7).strip()) ? new Visitor("") : null;
        }
        String id = cookie(request);
        Session session = id == null ? null : sessions.get(id);
        if (session == null || System.nanoTime() - session.since() > SESSION.toNanos()) {
            return null;
        }
        return session.visitor();
    }

    /** Whether a request that changes something comes from our own page, or from somebody who sent the token itself. */
    boolean mayChange(ConsoleRequest request, Visitor visitor) {
        if (visitor.secret().isEmpty()) {
            return true;
        }
        String secret = request.header(SECRET_HEADER);
        return secret != null && equal(secret, visitor.secret()) && sameOrigin(request);
    }

    /**
     * The header Set-Cookie of a new session, or null if it is not the token. After ten wrong ones nobody gets in for a minute.
     *
     * @throws TooManyException while nobody gets in
     */
    synchronized @Nullable String logIn(ConsoleRequest request, String given) throws TooManyException {
        if (failures > 0 && System.nanoTime() - firstFailure > FAILURES_COUNT.toNanos()) {
            failures = 0;
        }
        if (failures >= FAILURES_AT_MOST) {
            throw new TooManyException();
        }
        if (!sameOrigin(request) || !matches(given)) {
            if (failures++ == 0) {
                firstFailure = System.nanoTime();
            }
            return null;
        }
        if (sessions.size() >= SESSIONS_AT_MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String id = random();
        sessions.put(id, new Session(new Visitor(random()), System.nanoTime()));
        return COOKIE + "=" + id + "; Max-Age=" + SESSION.toSeconds() + cookieAttributes;
    }

    /** The header Set-Cookie that ends the session. */
    synchronized String logOut(ConsoleRequest request) {
        String id = cookie(request);
        if (id != null) {
            sessions.remove(id);
        }
        return COOKIE + "=; Max-Age=0" + cookieAttributes;
    }

    /** Too many wrong tokens. */
    static final class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Browsers say where a request comes from; who says nothing is no browser, and has no cookie of ours either. */
    private static boolean sameOrigin(ConsoleRequest request) {
        String site = request.header("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        String origin = request.header("Origin");
        String host = request.header("Host");
        if (origin == null || host == null || site != null) {
            return true;
        }
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String cookie(ConsoleRequest request) {
        String cookies = request.header("Cookie");
        if (cookies == null) {
            return null;
        }
        for (String cookie : cookies.split(";", -1)) {
            String one = cookie.strip();
            if (one.startsWith(COOKIE + "=")) {
                return one.substring(COOKIE.length() + 1);
            }
        }
        return null;
    }

    private boolean matches(String given) {
        return token != null && MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
