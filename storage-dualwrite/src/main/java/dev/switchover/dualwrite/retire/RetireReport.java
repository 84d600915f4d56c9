package dev.switchover.dualwrite.retire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was retired.
 *
 * @param archive the zip file that has the JSON files and a {@code manifest.json}
 * @param sha256 of the archive, in hexadecimal; also in the file {@code .sha256} beside it
 * @param backup the backup that was made before
 * @param at when it was done
 * @param files what is in the archive
 * @param left files of the directory that were changed since, and so were left where they are
 */
public record RetireReport(
        String archive, String sha256, String backup, Instant at, List<ArchivedFile> files, List<String> left) {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /** @param file its name, in the directory and in the archive @param sha256 of it, in hexadecimal */
    public record ArchivedFile(String collection, String file, long records, long bytes, String sha256) {}

    public RetireReport {
        files = List.copyOf(files);
        left = List.copyOf(left);
    }

    RetireReport withLeft(List<String> names) {
        return new RetireReport(archive, sha256, backup, at, files, names);
    }

    /** The report as one JSON object. */
    public String toJson() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("archive", archive)
                .put("sha256", sha256)
                .put("backup", backup)
                .put("at", at.toString());
        var array = json.putArray("files");
        for (ArchivedFile file : files) {
            array.addObject()
                    .put("collection", file.collection())
                    .put("file", file.file())
                    .put("records", file.records())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        var names = json.putArray("left");
        left.forEach(names::add);
        return json.toString();
    }

    /** The opposite of {@link #toJson}. */
    public static RetireReport fromJson(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            List<ArchivedFile> files = new ArrayList<>();
            for (JsonNode file : json.path("files")) {
                files.add(new ArchivedFile(
                        file.path("collection").asText(),
                        file.path("file").asText(),
                        file.path("records").asLong(),
                        file.path("bytes").asLong(),
                        file.path("sha256").asText()));
            }
            List<String> left = new ArrayList<>();
            json.path("left").forEach(name -> left.add(name.asText()));
            return new RetireReport(
                    json.path("archive").asText(),
                    json.path("sha256").asText(),
                    json.path("backup").asText(),
                    Instant.parse(json.path("at").asText()),
                    files,
                    left);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no report of a retirement", e);
        }
    }
}
