package dev.switchover.dualwrite.reconcile;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file that keeps records which are about to be overwritten or deleted, one JSON object a line: collection, id, version,
 * order, reason, and the body as text, exactly as it was. Made when the first record comes. Used by one thread. Close it.
 *
 * <p>Every method throws {@link StoreUnavailableException} if the file cannot be written; then nothing may be overwritten.
 */
public final class SavedAside implements DifferenceSink, AutoCloseable {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final JsonFactory json = new JsonFactory();
    private final Disk disk;
    private final Path folder;
    private final CollectionSchema<?, ?> schema;
    private final String reason;
    private final Clock clock;
    private @Nullable Path file;
    private @Nullable FileOutputStream output;
    private long records;

    /**
     * @param directory the JSON store's
     * @param reason why they are overwritten, for whoever finds the file
     */
    public SavedAside(Path directory, CollectionSchema<?, ?> schema, String reason, Clock clock) {
        this(Disk.real(), directory, schema, reason, clock);
    }

    SavedAside(Disk disk, Path directory, CollectionSchema<?, ?> schema, String reason, Clock clock) {
        this.disk = disk;
        this.folder = new StoreDirectory(directory).aside();
        this.schema = schema;
        this.reason = reason;
        this.clock = clock;
    }

    /** Keeps what the right store has; of an id it has nothing of, nothing is lost. */
    @Override
    public void accept(Difference difference) {
        RawRecord overwritten = difference.right();
        if (overwritten != null) {
            save(overwritten);
        }
    }

    public void save(RawRecord overwritten) {
        try {
            FileOutputStream target = output;
            if (target == null) {
                target = open();
                output = target;
            }
            target.write(line(overwritten));
            records++;
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private FileOutputStream open() throws IOException {
        disk.createDirectory(folder);
        String name = schema.name() + "-" + STAMP.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 8) + ".jsonl";
        Path created = Files.createFile(folder.resolve(name), attributes("rw-------"));
        file = created;
        disk.forceDirectory(folder);
        // Not a FileChannel: interrupting the thread would close it.
        return new FileOutputStream(created.toFile(), true);
    }

    private FileAttribute<?>[] attributes(String permissions) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private byte[] line(RawRecord record) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator generator = json.createGenerator(line, JsonEncoding.UTF8)) {
            generator.writeStartObject();
            generator.writeStringField("collection", schema.name());
            generator.writeStringField("id", record.id().text());
            generator.writeNumberField("version", record.version());
            generator.writeNumberField("order", record.order());
            generator.writeStringField("reason", reason);
            generator.writeStringField("body", new String(record.body(), StandardCharsets.UTF_8));
            generator.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    /** What was saved so far is durable when this returns. */
    @Override
    public void force() {
        FileOutputStream target = output;
        if (target == null) {
            return;
        }
        try {
            target.getFD().sync();
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** The file, if any record came. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    public long records() {
        return records;
    }

    @Override
    public void close() {
        FileOutputStream target = output;
        if (target == null) {
            return;
        }
        force();
        try {
            target.close();
        } catch (IOException e) {
            throw unavailable(e);
        }
        output = null;
    }

    private StoreUnavailableException unavailable(IOException cause) {
        return new StoreUnavailableException(
                Store.JSON,
                "Cannot save aside what is to be overwritten in " + schema.name() + ", into " + folder
                        + "; nothing is overwritten. Make room there, or make it writable",
                cause);
    }
}
