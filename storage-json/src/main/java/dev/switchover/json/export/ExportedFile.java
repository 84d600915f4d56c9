package dev.switchover.json.export;

import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.checkpoint.UserFiles;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.file.FileText;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes a collection's file as a checkpoint would, from records that come one after the other. */
public final class ExportedFile {

    private ExportedFile() {}

    /**
     * Writes the file, which must not exist, for its owner only, and forces it. Memory does not grow with it.
     *
     * @param envelope the text around the records, null for the one the library makes
     * @param records in the collection's order; gone through once
     * @throws IOException if it failed; then there is no file
     */
    public static FileDigest write(
            Disk disk,
            Path file,
            CollectionSchema<?, ?> schema,
            FileForm form,
            byte @Nullable [] envelope,
            Iterable<RawRecord> records)
            throws IOException {
        return UserFiles.write(disk, file, fileText(schema, form, envelope, records));
    }

    /** What {@link #write} would put into the file. */
    public static byte[] text(
            CollectionSchema<?, ?> schema, FileForm form, byte @Nullable [] envelope, Iterable<RawRecord> records)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        fileText(schema, form, envelope, records).write(text);
        return text.toByteArray();
    }

    private static FileText fileText(
            CollectionSchema<?, ?> schema, FileForm form, byte @Nullable [] envelope, Iterable<RawRecord> records) {
        return new FileText(schema.definition().jsonLayout(), form.style(), envelope, form.keys(), records);
    }
}
