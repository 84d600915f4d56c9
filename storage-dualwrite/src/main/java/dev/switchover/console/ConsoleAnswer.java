package dev.switchover.console;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to answer.
 *
 * @param headers each at most once; to be sent all, for some of them protect the page
 */
public record ConsoleAnswer(int status, Map<String, String> headers, byte[] body) {

    /** The page takes everything from its own mount, and nobody may frame it. */
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    static ConsoleAnswer of(int status, String contentType, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
        headers.put("Content-Type", contentType);
        return new ConsoleAnswer(status, headers, body);
    }

    static ConsoleAnswer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static ConsoleAnswer json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    static ConsoleAnswer html(int status, String html) {
        return of(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    /** To another place below the mount, by GET. */
    static ConsoleAnswer seeOther(String location) {
        return text(303, "").with("Location", location);
    }

    ConsoleAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ConsoleAnswer(status, more, body);
    }
}
