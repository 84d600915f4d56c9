package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an export wrote.
 *
 * @param folder where the files are
 * @param ownDirectory whether that is the storage's own directory
 * @param took from the first look to the last check
 */
public record ExportReport(
        String folder, boolean ownDirectory, Instant at, Duration took, List<CollectionExport> collections) {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    public ExportReport {
        collections = List.copyOf(collections);
    }

    /**
     * One collection's file.
     *
     * @param from the store that was read, the authority
     * @param records without the envelope
     * @param sha256 of the file, in hexadecimal
     * @param snapshot the moment the file is of: every write acknowledged before it is in there
     * @param version the collection's version counter at that moment, or a little later
     */
    public record CollectionExport(
            String collection,
            String file,
            Store from,
            long records,
            long bytes,
            String sha256,
            Instant snapshot,
            long version,
            Duration took) {}

    public long records() {
        return collections.stream().mapToLong(CollectionExport::records).sum();
    }

    /** The report as one JSON object; durations in milliseconds. */
    public String toJson() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("folder", folder)
                .put("ownDirectory", ownDirectory)
                .put("at", at.toString())
                .put("tookMillis", took.toMillis());
        ArrayNode array = json.putArray("collections");
        for (CollectionExport one : collections) {
            array.addObject()
                    .put("collection", one.collection())
                    .put("file", one.file())
                    .put("from", one.from().name())
                    .put("records", one.records())
                    .put("bytes", one.bytes())
                    .put("sha256", one.sha256())
                    .put("snapshot", one.snapshot().toString())
                    .put("version", one.version())
                    .put("tookMillis", one.took().toMillis());
        }
        return json.toString();
    }

    /** The opposite of {@link #toJson}. */
    public static ExportReport fromJson(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            List<CollectionExport> collections = new ArrayList<>();
            for (JsonNode one : json.path("collections")) {
                collections.add(new CollectionExport(
                        one.path("collection").asText(),
                        one.path("file").asText(),
                        Store.valueOf(one.path("from").asText()),
                        one.path("records").asLong(),
                        one.path("bytes").asLong(),
                        one.path("sha256").asText(),
                        Instant.parse(one.path("snapshot").asText()),
                        one.path("version").asLong(),
                        Duration.ofMillis(one.path("tookMillis").asLong())));
            }
            return new ExportReport(
                    json.path("folder").asText(),
                    json.path("ownDirectory").asBoolean(),
                    Instant.parse(json.path("at").asText()),
                    Duration.ofMillis(json.path("tookMillis").asLong()),
                    collections);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no export report", e);
        }
    }

    /** A line for each collection, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (CollectionExport one : collections) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(one.collection())
                    .append(": ")
                    .append(one.records())
                    .append(" records, ")
                    .append(one.bytes())
                    .append(" bytes, as of ")
                    .append(one.snapshot())
                    .append(", in ")
                    .append(one.file());
        }
        return text.toString();
    }
}
