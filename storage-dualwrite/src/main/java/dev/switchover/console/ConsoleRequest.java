package dev.switchover.console;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as the service received it.
 *
 * @param method in upper case
 * @param path below the place where the console is mounted, decoded: empty, or beginning with {@code /}
 * @param header gives the value of a header by its name, in any case, or null
 * @param body the body as text; empty if there is none. The service should bound its length: a kilobyte suffices
 */
public record ConsoleRequest(String method, String path, Function<String, @Nullable String> header, String body) {

    @Nullable
    String header(String name) {
        return header.apply(name);
    }
}
