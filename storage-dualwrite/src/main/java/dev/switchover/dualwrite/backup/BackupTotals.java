package dev.switchover.dualwrite.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The last line of a backup's file: what was written, and the SHA-256 of everything before its own value, so that {@code head -c -67
 * file | sha256sum} gives it too.
 */
record BackupTotals(List<Total> collections, List<Unreadable> unreadable, String sha256) {

    /** Names of the member, its value, and what ends the file. */
    private static final String CHECKSUM = ",\"sha256\":\"";

    private static final int CHECKSUM_LENGTH = 64;
    private static final String END = "\"}\n";

    /**
     * @param records without the envelope
     * @param bytes of all bodies
     */
    record Total(String name, long records, boolean envelope, long bytes) {}

    /** A row that was no record when the backup was made. */
    record Unreadable(String collection, String id) {}

    BackupTotals {
        collections = List.copyOf(collections);
        unreadable = List.copyOf(unreadable);
    }

    /** Everything but the value of the checksum and what follows it. */
    static byte[] line(List<Total> collections, List<Unreadable> unreadable) {
        ObjectNode totals = Json.MAPPER.createObjectNode();
        ArrayNode all = totals.putArray("totals");
        for (Total total : collections) {
            all.addObject()
                    .put("name", total.name())
                    .put("records", total.records())
                    .put("envelope", total.envelope())
                    .put("bytes", total.bytes());
        }
        ArrayNode rows = totals.putArray("unreadable");
        for (Unreadable row : unreadable) {
            rows.addObject().put("collection", row.collection()).put("id", row.id());
        }
        String text = totals.toString();
        return ("]," + text.substring(1, text.length() - 1) + CHECKSUM).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] end(String sha256) {
        return (sha256 + END).getBytes(StandardCharsets.US_ASCII);
    }

    /** How much of the last line goes into the checksum. */
    static int checked(byte[] line) {
        return Math.max(0, line.length - CHECKSUM_LENGTH - END.length());
    }

    /** @throws DamagedBackupException if it is not what was written */
    static BackupTotals parse(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (!text.endsWith(END) || !text.substring(0, checked(line)).endsWith(CHECKSUM)) {
            throw new DamagedBackupException("the end of the file is cut");
        }
        try {
            JsonNode totals = Json.MAPPER.readTree("{" + text.substring(2));
            List<Total> collections = new ArrayList<>();
            for (JsonNode one : totals.path("totals")) {
                collections.add(new Total(
                        one.path("name").asText(),
                        one.path("records").asLong(),
                        one.path("envelope").asBoolean(),
                        one.path("bytes").asLong()));
            }
            List<Unreadable> unreadable = new ArrayList<>();
            for (JsonNode one : totals.path("unreadable")) {
                unreadable.add(new Unreadable(
                        one.path("collection").asText(), one.path("id").asText()));
            }
            return new BackupTotals(
                    collections, unreadable, totals.path("sha256").asText());
        } catch (JsonProcessingException e) {
            throw new DamagedBackupException("the last line cannot be read");
        }
    }
}
