package dev.switchover.dualwrite.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of a service that has no database, in {@code .switchover/jobs.json}. Whoever has the directory's lock is the one that runs them,
 * so the lock is the lease: it ends with the process. Thread-safe.
 */
public final class FileJobs implements JobLedger {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final Path folder;
    private final Path file;
    private final BooleanSupplier holds;
    private final Disk disk = Disk.real();

    /**
     * @param directory the JSON store's
     * @param holds whether this process has its lock
     */
    public FileJobs(Path directory, BooleanSupplier holds) {
        this.folder = new StoreDirectory(directory).hidden();
        this.file = folder.resolve("jobs.json");
        this.holds = holds;
    }

    @Override
    public synchronized JobState read(String job, Instant now) {
        JobState known = find(job);
        if (known != null) {
            return known;
        }
        JobState made = new JobState(0, now, null, null, null, 0, "");
        if (holds.getAsBoolean()) {
            write(job, made);
        }
        return made;
    }

    @Override
    public synchronized OptionalLong take(String job, long token, Duration lease) {
        JobState known = mine(job, token);
        if (known == null) {
            return OptionalLong.empty();
        }
        write(
                job,
                new JobState(
                        token + 1,
                        known.since(),
                        known.doneSlot(),
                        known.doneAt(),
                        known.failedAt(),
                        known.failures(),
                        known.message()));
        return OptionalLong.of(token + 1);
    }

    @Override
    public synchronized boolean renew(String job, long token, Duration lease) {
        return mine(job, token) != null;
    }

    @Override
    public synchronized boolean done(String job, long token, Instant slot, Instant at) {
        JobState known = mine(job, token);
        if (known != null) {
            write(job, new JobState(token + 1, known.since(), slot, at, null, 0, ""));
        }
        return known != null;
    }

    @Override
    public synchronized boolean failed(String job, long token, Instant at, String message) {
        JobState known = mine(job, token);
        if (known != null) {
            write(
                    job,
                    new JobState(
                            token + 1,
                            known.since(),
                            known.doneSlot(),
                            known.doneAt(),
                            at,
                            known.failures() + 1,
                            message));
        }
        return known != null;
    }

    private @Nullable JobState mine(String job, long token) {
        JobState known = holds.getAsBoolean() ? find(job) : null;
        return known != null && known.token() == token ? known : null;
    }

    private @Nullable JobState find(String job) {
        JsonNode one = content().path(job);
        if (!one.isObject()) {
            return null;
        }
        try {
            return new JobState(
                    one.path("token").asLong(),
                    Instant.parse(one.path("since").asText()),
                    time(one, "doneSlot"),
                    time(one, "doneAt"),
                    time(one, "failedAt"),
                    one.path("failures").asInt(),
                    one.path("message").asText(""));
        } catch (DateTimeException e) {
            LOG.warn("What {} says about {} cannot be read, and is begun anew", file, job);
            return null;
        }
    }

    private static @Nullable Instant time(JsonNode job, String name) {
        return job.hasNonNull(name) ? Instant.parse(job.path(name).asText()) : null;
    }

    /** Nothing depends on it but when a job runs next: one that is damaged is begun anew. */
    private ObjectNode content() {
        try {
            if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode content) {
                return content;
            }
            LOG.warn("{} holds no jobs, and is begun anew", file);
        } catch (NoSuchFileException e) {
            return MAPPER.createObjectNode();
        } catch (JsonProcessingException e) {
            LOG.warn("{} is damaged, and is begun anew", file);
        } catch (IOException e) {
            throw unavailable("read", e);
        }
        return MAPPER.createObjectNode();
    }

    private void write(String job, JobState state) {
        ObjectNode content = content();
        ObjectNode one = content.putObject(job);
        one.put("token", state.token()).put("since", state.since().toString());
        put(one, "doneSlot", state.doneSlot());
        put(one, "doneAt", state.doneAt());
        put(one, "failedAt", state.failedAt());
        one.put("failures", state.failures()).put("message", state.message());
        Path temporary = StoreDirectory.temporary(file);
        try {
            disk.delete(temporary);
            try (DiskFile written = disk.create(temporary)) {
                written.write(
                        ByteBuffer.wrap(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content)), 0);
                written.force();
            }
            disk.rename(temporary, file);
            disk.forceDirectory(folder);
        } catch (IOException e) {
            throw unavailable("written", e);
        }
    }

    private static void put(ObjectNode job, String name, @Nullable Instant time) {
        if (time != null) {
            job.put(name, time.toString());
        }
    }

    private StoreUnavailableException unavailable(String what, IOException e) {
        return new StoreUnavailableException(
                Store.JSON,
                file + " cannot be " + what + " (" + e.getClass().getSimpleName()
                        + "); make room there, or make it writable",
                e);
    }
}
