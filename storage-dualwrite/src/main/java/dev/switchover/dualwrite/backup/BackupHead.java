package dev.switchover.dualwrite.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.IdType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a backup's file.
 *
 * @param id random; tells two backups apart that were made at once
 */
record BackupHead(String id, Instant time, BackupKind kind, List<BackupPart> parts) {

    /** Raised when a reader of today could not read the file any more. */
    private static final int FORMAT = 1;

    private static final String FORMAT_NAME = "switchover-backup";
    private static final String END = ",\"records\":[";

    BackupHead {
        parts = List.copyOf(parts);
    }

    byte[] line() {
        ObjectNode head = Json.MAPPER.createObjectNode();
        head.put("format", FORMAT_NAME).put("formatVersion", FORMAT).put("id", id);
        head.put("time", time.toString()).put("kind", kind.word());
        ArrayNode collections = head.putArray("collections");
        for (BackupPart part : parts) {
            Phase phase = part.phase();
            collections
                    .addObject()
                    .put("name", part.name())
                    .put("idType", part.idType().name())
                    .put("records", part.records())
                    .put("store", part.store().name())
                    .put("phase", phase == null ? null : phase.name())
                    .put("lineage", part.lineage())
                    .put("epoch", part.epoch())
                    .put("version", part.version())
                    .put("highestId", part.highestId());
        }
        String text = head.toString();
        return (text.substring(0, text.length() - 1) + END + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a first line.
     *
     * @throws DamagedBackupException if it is none
     */
    static BackupHead parse(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
        if (!text.endsWith(END)) {
            throw new DamagedBackupException("the first line is not that of a backup of Switchover");
        }
        try {
            JsonNode head = Json.MAPPER.readTree(text.substring(0, text.length() - END.length()) + "}");
            if (!FORMAT_NAME.equals(head.path("format").asText())) {
                throw new DamagedBackupException("the first line is not that of a backup of Switchover");
            }
            if (head.path("formatVersion").asInt() != FORMAT) {
                throw new DamagedBackupException("the file has format "
                        + head.path("formatVersion").asInt() + ", and this version of Switchover reads format "
                        + FORMAT + "; use the version that made it, or a newer one");
            }
            return of(head);
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new DamagedBackupException("the first line cannot be read");
        }
    }

    private static BackupHead of(JsonNode head) {
        List<BackupPart> parts = new ArrayList<>();
        for (JsonNode part : head.path("collections")) {
            parts.add(new BackupPart(
                    part.path("name").asText(),
                    IdType.valueOf(part.path("idType").asText()),
                    part.path("records").asLong(),
                    Store.valueOf(part.path("store").asText()),
                    text(part, "phase").map(Phase::valueOf).orElse(null),
                    orNull(text(part, "lineage")),
                    part.path("epoch").asLong(),
                    part.path("version").asLong(),
                    part.path("highestId").asLong()));
        }
        if (parts.stream().anyMatch(part -> !BackupLine.isGiven(part.version()) || part.highestId() < 0)) {
            throw new DamagedBackupException("the first line has a version or an id that no store gives");
        }
        BackupKind kind = BackupKind.of(head.path("kind").asText())
                .orElseThrow(() -> new DamagedBackupException("the first line names no kind of backup"));
        return new BackupHead(
                head.path("id").asText(), Instant.parse(head.path("time").asText()), kind, parts);
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.hasNonNull(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
    }

    private static @Nullable String orNull(Optional<String> text) {
        return text.isPresent() ? text.get() : null;
    }
}
