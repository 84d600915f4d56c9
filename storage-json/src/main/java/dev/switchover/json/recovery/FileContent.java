package dev.switchover.json.recovery;

import dev.switchover.json.file.FileStyle;
import dev.switchover.json.file.FileText;
import dev.switchover.json.file.MalformedFileException;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user's file says, checked: every record can be held by both stores, and no id occurs twice.
 *
 * @param records in the file's order; version and order of each are its place there, from 1
 * @param byId the same; whoever asks for it may keep it
 * @param keys the text of unusual keys, by id
 */
record FileContent(
        FileStyle style,
        byte @Nullable [] envelope,
        List<RawRecord> records,
        Map<RecordId, RawRecord> byId,
        Map<RecordId, byte[]> keys) {

    /** @throws CorruptFileException with everything that is wrong, as far as it can be told, each with its place and what to do */
    static FileContent check(CollectionSchema<?, ?> schema, Path file, byte[] content, FileStyle fallback) {
        try {
            return checkStrictly(schema, file, content, fallback);
        } catch (CorruptFileException first) {
            throw FileProblems.all(schema, file, content, first);
        }
    }

    private static FileContent checkStrictly(
            CollectionSchema<?, ?> schema, Path file, byte[] content, FileStyle fallback) {
        ParsedFile parsed = parse(schema, file, content, fallback);
        byte[] envelope = parsed.envelope();
        if (envelope != null) {
            envelope = checkEnvelope(schema, file, envelope);
        }
        CheckedRecords checked = new CheckedRecords(parsed.size(), i -> checkRecord(schema, file, parsed, i));
        List<RawRecord> records = new ArrayList<>(parsed.size());
        Map<RecordId, RawRecord> byId = new HashMap<>(parsed.size() * 4 / 3 + 1);
        Map<RecordId, byte[]> keys = new HashMap<>();
        for (int i = 0; i < parsed.size(); i++) {
            CheckedRecord one = checked.get(i);
            RecordId id = one.id();
            if (id == null) {
                throw corrupt(file, parsed, i, null, "it has no id; give it one", null);
            }
            RawRecord record = new RawRecord(id, i + 1L, i + 1L, one.body());
            records.add(record);
            if (byId.put(id, record) != null) {
                throw corrupt(
                        file, parsed, i, id, "there is a record with this id before it; remove one of them", null);
            }
            noteKey(parsed, i, id, keys);
        }
        return new FileContent(parsed.style(), envelope, records, byId, keys);
    }

    static ParsedFile parse(CollectionSchema<?, ?> schema, Path file, byte[] content, FileStyle fallback) {
        try {
            return ParsedFile.parse(content, schema.definition().jsonLayout(), fallback);
        } catch (MalformedFileException malformed) {
            throw new CorruptFileException(file, malformed.problem(), malformed);
        }
    }

    static void noteKey(ParsedFile parsed, int record, RecordId id, Map<RecordId, byte[]> keys) {
        if (parsed.isKeyed()) {
            byte[] key = parsed.keyText(record);
            if (!Arrays.equals(key, FileText.quote(id.text()))) {
                keys.put(id, key);
            }
        }
    }

    private static byte[] checkEnvelope(CollectionSchema<?, ?> schema, Path file, byte[] envelope) {
        try {
            return schema.checkEnvelope(envelope);
        } catch (InvalidRecordException invalid) {
            String at = invalid.path().isEmpty() ? "" : " at " + invalid.path();
            throw new CorruptFileException(file, "what is around the records" + at + ": " + invalid.reason(), invalid);
        }
    }

    private static CheckedRecord checkRecord(CollectionSchema<?, ?> schema, Path file, ParsedFile parsed, int record) {
        RecordId key = null;
        try {
            if (parsed.isKeyed()) {
                key = schema.parseId(parsed.key(record));
            }
            return schema.check(parsed.body(record), key);
        } catch (InvalidRecordException invalid) {
            String at = invalid.path().isEmpty() ? "" : "at " + invalid.path() + ": ";
            throw corrupt(file, parsed, record, key, at + invalid.reason(), invalid);
        } catch (MalformedFileException malformed) {
            throw corrupt(file, parsed, record, null, malformed.problem(), malformed);
        }
    }

    private static CorruptFileException corrupt(
            Path file,
            ParsedFile parsed,
            int record,
            @Nullable RecordId id,
            String problem,
            @Nullable Throwable cause) {
        return new CorruptFileException(
                file,
                "record " + (record + 1) + (id == null ? "" : " (id " + id + ")") + ", " + parsed.place(record) + ": "
                        + problem,
                cause);
    }
}
