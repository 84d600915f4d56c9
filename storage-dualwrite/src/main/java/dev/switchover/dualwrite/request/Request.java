package dev.switchover.dualwrite.request;

import dev.switchover.json.directory.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What is asked for.
 *
 * @param id random; a request is carried out once as long as its holder has the directory, and again by the next holder if it had not ended
 * @param kind what is to be done, as {@code export}
 * @param arguments by name; never values of records
 * @param expires after which nobody need begin, by the clock of who asks
 */
public record Request(String id, String kind, Map<String, String> arguments, long pid, String host, Instant expires) {

    public Request {
        arguments = Map.copyOf(arguments);
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("an id of letters, digits and hyphens");
        }
    }

    /** A new one of this process. */
    public static Request of(String kind, Map<String, String> arguments, Instant now, Duration patience) {
        return new Request(
                UUID.randomUUID().toString(),
                kind,
                arguments,
                ProcessHandle.current().pid(),
                Holder.hostName(),
                now.plus(patience));
    }

    /** Names the kind and the asker, no arguments. */
    @Override
    public String toString() {
        return kind + " for process " + pid + " on " + host;
    }
}
