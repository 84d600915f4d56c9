package dev.switchover.json.export;

import dev.switchover.json.checkpoint.CheckpointFiles;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.file.FileText;
import dev.switchover.json.file.MalformedFileException;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How a collection's file is set: white space, line ends, keys that are escaped in another way than ours. Immutable.
 *
 * @param keys the text of unusual keys, by id
 */
public record FileForm(FileStyle style, Map<RecordId, byte[]> keys) {

    /** A larger file is not read for its form: its last checkpoint tells everything but the keys. */
    private static final long READ_AT_MOST = 64L << 20;

    /** That of a file the library makes. */
    public static FileForm standard(CollectionSchema<?, ?> schema) {
        return new FileForm(FileStyle.of(schema.definition().jsonLayout()), Map.of());
    }

    /**
     * That of the collection's file in a directory, as far as it can be told; the standard one where there is none, or where it
     * cannot be made out.
     *
     * @throws IOException if the directory cannot be read
     */
    public static FileForm of(Path directory, CollectionSchema<?, ?> schema) throws IOException {
        StoreDirectory where = new StoreDirectory(directory.toAbsolutePath());
        Path file = where.user(schema.definition().fileName());
        if (Files.isRegularFile(file) && Files.size(file) <= READ_AT_MOST) {
            try {
                return of(schema, Files.readAllBytes(file));
            } catch (MalformedFileException | InvalidRecordException e) {
                return standard(schema); // somebody is editing it
            }
        }
        FileStyle standard = FileStyle.of(schema.definition().jsonLayout());
        return new FileForm(CheckpointFiles.style(where, schema.name()).orElse(standard), Map.of());
    }

    private static FileForm of(CollectionSchema<?, ?> schema, byte[] content) throws MalformedFileException {
        FileStyle standard = FileStyle.of(schema.definition().jsonLayout());
        ParsedFile parsed = ParsedFile.parse(content, schema.definition().jsonLayout(), standard);
        Map<RecordId, byte[]> keys = new HashMap<>();
        for (int i = 0; parsed.isKeyed() && i < parsed.size(); i++) {
            RecordId id = schema.parseId(parsed.key(i));
            byte[] key = parsed.keyText(i);
            if (!Arrays.equals(key, FileText.quote(id.text()))) {
                keys.put(id, key);
            }
        }
        return new FileForm(parsed.style(), keys);
    }
}
