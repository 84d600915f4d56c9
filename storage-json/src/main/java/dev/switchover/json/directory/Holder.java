package dev.switchover.json.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a directory, as told by the file beside the lock. It is written after the lock was taken and may be that of an
 * earlier holder: what it says is for people only, never to decide by. That it was replaced tells an older holder that it is
 * one, see {@link DirectoryLock}.
 */
public record Holder(long pid, String host, String since) {

    private static final Pattern FORM =
            Pattern.compile("\\{\"pid\": (\\d{1,18}), \"host\": \"([^\"\\\\]*)\", \"since\": \"([^\"\\\\]*)\"}\\s*");

    public static Holder self(Instant since) {
        return new Holder(ProcessHandle.current().pid(), hostName(), since.toString());
    }

    /** The name of this machine, without control characters and quotes. */
    public static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "?");
        } catch (UnknownHostException unnamed) {
            return "unknown";
        }
    }

    byte[] toBytes() {
        return ("{\"pid\": " + pid + ", \"host\": \"" + host + "\", \"since\": \"" + since + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Who seems to hold a directory, told without touching its lock: the last one that said so, unless it was a process of this
     * machine that has ended.
     */
    public static Optional<Holder> seeming(Path directory) {
        Holder last = read(new StoreDirectory(directory).holder());
        if (last == null || (last.host().equals(hostName()) && !isAlive(last))) {
            return Optional.empty();
        }
        return Optional.of(last);
    }

    /** A process that began after the lock was taken has only got the same number. */
    private static boolean isAlive(Holder holder) {
        return ProcessHandle.of(holder.pid())
                .map(process -> process.info()
                        .startInstant()
                        .map(began -> !began.isAfter(holder.sinceOr(began)))
                        .orElse(true))
                .orElse(false);
    }

    private Instant sinceOr(Instant otherwise) {
        try {
            return Instant.parse(since);
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return "process " + pid + " on " + host + ", since " + since;
    }

    /** Null if the file tells nobody. */
    public static @Nullable Holder read(Path file) {
        try {
            Matcher form = FORM.matcher(Files.readString(file));
            return form.matches() ? new Holder(Long.parseLong(form.group(1)), form.group(2), form.group(3)) : null;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
