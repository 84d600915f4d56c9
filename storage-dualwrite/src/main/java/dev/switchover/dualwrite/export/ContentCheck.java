package dev.switchover.dualwrite.export;

import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.file.FileText;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Alongside;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a file says with the records it was made of, all but the white space around them, without keeping either. First {@link #begin}, then
 * every record, then {@link #end}, then {@link #requireSame}. Used by one thread.
 */
final class ContentCheck {

    private static final int BUFFER = 1 << 16;

    private final JsonLayout layout;
    private final Map<RecordId, byte[]> keys;
    /** How many brackets are open around a record. */
    private final int depth;

    private final CompactDigest expected;
    /** With an empty container, between whose brackets the records are. */
    private final byte[] around;

    private final int inside;
    private long records;

    /** @param envelope the text around the records, null for the one the library makes */
    ContentCheck(JsonLayout layout, Map<RecordId, byte[]> keys, byte @Nullable [] envelope) {
        this.layout = layout;
        this.keys = keys;
        this.depth = 1
                + (layout.hasEnvelope()
                        ? (int) layout.pointer().chars().filter(c -> c == '/').count()
                        : 0);
        this.expected = new CompactDigest(depth);
        if (layout.hasEnvelope()) {
            this.around = envelope == null ? FileText.defaultEnvelope(layout) : envelope;
            JsonValue container = JsonPointers.resolve(JsonValue.of(around), layout.pointer());
            if (container == null) {
                throw new IllegalStateException("an envelope without a container was let in");
            }
            this.inside = container.from() + 1;
        } else {
            this.around = (layout.shape() == JsonLayout.Shape.ARRAY ? "[]" : "{}").getBytes(StandardCharsets.UTF_8);
            this.inside = 1;
        }
    }

    void begin() {
        expected.add(around, 0, inside);
    }

    void record(RawRecord record) {
        if (records > 0) {
            expected.addBetween(',');
        }
        if (layout.shape() == JsonLayout.Shape.OBJECT) {
            byte[] key = keys.get(record.id());
            expected.addWhole(key == null ? FileText.quote(record.id().text()) : key);
            expected.addBetween(':');
        }
        expected.addWhole(record.body());
        records++;
    }

    void end() {
        expected.add(around, inside, around.length);
    }

    long records() {
        return records;
    }

    /**
     * Reads the file twice at a time, once for its bytes and once for what it says.
     *
     * @param written what the file's bytes were when they were handed to the disk
     * @throws IOException if the file says anything else, or cannot be read
     * @throws UncheckedIOException if it cannot be read
     */
    void requireSame(Path file, FileDigest written) throws IOException {
        Alongside<FileDigest> reading = Alongside.begin("switchover-export-check", () -> bytesOf(file));
        String said;
        FileDigest bytes;
        try {
            said = saidBy(file);
        } finally {
            bytes = reading.result();
        }
        if (!written.equals(bytes)) {
            throw new IOException(file + " was not read back as it was written");
        }
        if (!said.equals(expected.hex())) {
            throw new IOException(file + " was read back with other records than were written");
        }
    }

    /** @throws UncheckedIOException if it cannot be read */
    private static FileDigest bytesOf(Path file) {
        try {
            FileDigest digest = FileDigest.of(file);
            if (digest == null) {
                throw new NoSuchFileException(file.toString());
            }
            return digest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String saidBy(Path file) throws IOException {
        CompactDigest found = new CompactDigest(depth);
        // Base64's decoder asks for one byte at a time.
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            InputStream plain = layout.encoding() == JsonLayout.Encoding.BASE64
                    ? Base64.getMimeDecoder().wrap(content)
                    : content;
            byte[] buffer = new byte[BUFFER];
            for (int read = plain.read(buffer); read >= 0; read = plain.read(buffer)) {
                found.add(buffer, 0, read);
            }
        }
        return found.hex();
    }
}
