package dev.switchover.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages as they are sent. Immutable. */
final class Pages {

    private final String console = read("console.html");
    private final String login = read("login.html");
    private final Map<String, ConsoleAnswer> resources = Map.of(
            "/console.css", ConsoleAnswer.of(200, "text/css; charset=utf-8", bytes("console.css")),
            "/console.js", ConsoleAnswer.of(200, "text/javascript; charset=utf-8", bytes("console.js")));

    /** What looks the same for everybody, or null. */
    @Nullable
    ConsoleAnswer resource(String path) {
        return resources.get(path);
    }

    /** @param problem a sentence of ours */
    ConsoleAnswer login(int status, String problem) {
        return ConsoleAnswer.html(status, login.replace("{{problem}}", problem));
    }

    /** @param secret proves that a request comes from this page */
    ConsoleAnswer console(String secret, boolean canLogOut) {
        return ConsoleAnswer.html(
                200, console.replace("{{secret}}", secret).replace("{{logout}}", canLogOut ? "" : "hidden"));
    }

    private static String read(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
