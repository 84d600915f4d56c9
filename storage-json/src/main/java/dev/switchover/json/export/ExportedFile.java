package dev.switchover.json.export;

import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.checkpoint.UserFiles;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.file.FileText;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Alongside;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes a collection's file as a checkpoint would, from records that come one after the other. */
public final class ExportedFile {

    private ExportedFile() {}

    /** Looks at a file that has been written. */
    @FunctionalInterface
    public interface ReadBack {

        /**
         * Reads it.
         *
         * @param written what was handed to the disk
         * @throws IOException if it says anything else, is not there, or cannot be read
         */
        void requireSame(FileDigest written) throws IOException;
    }

    /**
     * Writes the file, which must not exist, for its owner only, and forces it. Memory does not grow with it.
     *
     * @param check reads the file back, while it is being forced
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
            Iterable<RawRecord> records,
            ReadBack check)
            throws IOException {
        FileText text = fileText(schema, form, envelope, records);
        return UserFiles.write(disk, file, text, (opened, written) -> {
            Alongside<Boolean> forcing = Alongside.begin("switchover-export-force", () -> forced(opened));
            try (Closeable forced = () -> await(forcing)) {
                check.requireSame(written);
            }
        });
    }

    private static void await(Alongside<Boolean> forcing) throws IOException {
        try {
            forcing.result();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean forced(DiskFile file) {
        try {
            file.force();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
