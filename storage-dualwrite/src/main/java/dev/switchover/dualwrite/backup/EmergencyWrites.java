package dev.switchover.dualwrite.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The content of an emergency file: the writes of one call, which are applied together or not at all. Its last member is the SHA-256 of
 * everything before its value.
 *
 * @param reason the kind of failure, never its text
 */
record EmergencyWrites(Instant time, String reason, List<One> writes) {

    private static final String FORMAT = "switchover-emergency-write";
    private static final String CHECKSUM = ",\"sha256\":\"";
    private static final String END = "\"}\n";

    /** What is to be done. */
    enum Operation {
        PUT,
        INSERT,
        DELETE,
        CHECK
    }

    /**
     * One write.
     *
     * @param expected the version that was expected; 0 for none; null if any would do
     * @param newest of the collection, the highest version this process knew of when the write failed
     * @param body null for a deletion and a check; an insert's is what comes before the id
     * @param tail of an insert, what comes behind the id
     */
    record One(
            String collection,
            Operation operation,
            String id,
            @Nullable Long expected,
            long newest,
            @Nullable String body,
            @Nullable String tail) {}

    static EmergencyWrites of(
            List<Write> writes, ToLongFunction<CollectionSchema<?, ?>> newest, Instant time, String reason) {
        List<One> all = new ArrayList<>();
        for (Write write : writes) {
            all.add(one(write, newest.applyAsLong(write.schema())));
        }
        return new EmergencyWrites(time, reason, all);
    }

    private static One one(Write write, long newest) {
        String name = write.schema().name();
        if (write instanceof Write.Put put) {
            return new One(
                    name, Operation.PUT, put.id().text(), version(put.expected()), newest, text(put.body()), null);
        }
        if (write instanceof Write.Insert insert) {
            return new One(name, Operation.INSERT, "", null, newest, text(insert.before()), text(insert.after()));
        }
        if (write instanceof Write.Delete delete) {
            return new One(name, Operation.DELETE, delete.id().text(), version(delete.expected()), newest, null, null);
        }
        Write.Check check = (Write.Check) write;
        return new One(name, Operation.CHECK, check.id().text(), version(check.expected()), newest, null, null);
    }

    private static @Nullable Long version(Expected expected) {
        if (expected instanceof Expected.Version version) {
            return version.version();
        }
        return expected instanceof Expected.Absent ? 0L : null;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Whether it may have happened although the caller was told that it failed. */
    boolean maybeDone() {
        return reason.equals(UnknownOutcomeException.class.getSimpleName());
    }

    byte[] file() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", FORMAT)
                .put("formatVersion", 1)
                .put("time", time.toString())
                .put("reason", reason);
        ArrayNode all = json.putArray("writes");
        for (One one : writes) {
            all.addObject()
                    .put("collection", one.collection())
                    .put("operation", one.operation().name())
                    .put("id", one.id())
                    .put("expected", one.expected())
                    .put("newest", one.newest())
                    .put("body", one.body())
                    .put("tail", one.tail());
        }
        String text = json.toString();
        byte[] begin = (text.substring(0, text.length() - 1) + CHECKSUM).getBytes(StandardCharsets.UTF_8);
        String checksum = HexFormat.of().formatHex(FileDigest.newDigest().digest(begin));
        byte[] end = (checksum + END).getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(begin, begin.length + end.length);
        System.arraycopy(end, 0, file, begin.length, end.length);
        return file;
    }

    /** @throws DamagedBackupException if it is not what was written */
    static EmergencyWrites parse(byte[] file) {
        int checked = file.length - 64 - END.length();
        if (checked < 0) {
            throw new DamagedBackupException("the file is cut");
        }
        try {
            JsonNode json = Json.MAPPER.readTree(text(file));
            String checksum = HexFormat.of().formatHex(FileDigest.newDigest().digest(Arrays.copyOf(file, checked)));
            if (!FORMAT.equals(json.path("format").asText())
                    || !checksum.equals(json.path("sha256").asText())) {
                throw new DamagedBackupException("the checksum is wrong, or it is no emergency file");
            }
            List<One> all = new ArrayList<>();
            for (JsonNode one : json.path("writes")) {
                all.add(new One(
                        one.path("collection").asText(),
                        Operation.valueOf(one.path("operation").asText()),
                        one.path("id").asText(),
                        one.hasNonNull("expected") ? one.get("expected").asLong() : null,
                        one.path("newest").asLong(),
                        one.hasNonNull("body") ? one.get("body").asText() : null,
                        one.hasNonNull("tail") ? one.get("tail").asText() : null));
            }
            return new EmergencyWrites(
                    Instant.parse(json.path("time").asText()),
                    json.path("reason").asText(),
                    all);
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new DamagedBackupException("the file cannot be read");
        }
    }

    /** Ids, as a {@link RecordId} shows them; an insert has none yet. */
    static String shown(One one) {
        return one.operation() == Operation.INSERT ? "(a new id)" : new RecordId(one.id()).toString();
    }
}
