package dev.switchover.dualwrite.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Reads a file that {@link dev.switchover.dualwrite.reconcile.SavedAside} wrote, a record in each line. Used by one thread. */
final class AsideRecords {

    private final List<CollectionSchema<?, ?>> schemas;
    private final Map<CollectionSchema<?, ?>, List<RawRecord>> records = new IdentityHashMap<>();
    private final RecoverySource source;

    private AsideRecords(Path file, List<CollectionSchema<?, ?>> schemas) {
        this.schemas = schemas;
        this.source = RecoverySource.inMemory(file, RecoveryScan.Kind.ASIDE, records);
    }

    static RecoverySource of(Path file, List<CollectionSchema<?, ?>> schemas) {
        AsideRecords aside = new AsideRecords(file, schemas);
        // Any bytes are characters of this encoding; the lines are JSON in UTF-8.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                aside.line(line.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            aside.source.problem("it cannot be read further: " + e.getMessage());
        }
        return aside.source;
    }

    private void line(byte[] line) {
        try {
            JsonNode json = Json.MAPPER.readTree(line);
            for (CollectionSchema<?, ?> schema : schemas) {
                if (schema.name().equals(json.path("collection").asText())) {
                    add(schema, json);
                }
            }
        } catch (InvalidRecordException e) {
            source.problem("a line holds no record of its collection");
        } catch (IOException e) {
            source.problem("a line cannot be read");
        }
    }

    private void add(CollectionSchema<?, ?> schema, JsonNode json) {
        byte[] body = json.path("body").asText().getBytes(StandardCharsets.UTF_8);
        String text = json.path("id").asText();
        if (!BackupLine.isGiven(json.path("version").asLong())
                || !BackupLine.isGiven(json.path("order").asLong())) {
            source.problem("a line has a version or a place that no store gives");
            return;
        }
        RecordId id = text.isEmpty() ? RecordId.ENVELOPE : schema.parseId(text);
        if (id.isEnvelope()) {
            schema.checkEnvelope(body);
        } else {
            CheckedRecord checked = schema.check(body, id);
            if (checked.id() != null && !id.equals(checked.id())) {
                source.problem("a line holds a record of another id");
                return;
            }
        }
        records.computeIfAbsent(schema, unused -> new ArrayList<>())
                .add(new RawRecord(
                        id, json.path("version").asLong(), json.path("order").asLong(), body));
    }
}
