package dev.switchover.json.recovery;

import dev.switchover.json.checkpoint.UserFiles;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.file.MalformedFileException;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look into a collection's file that does not end at the first thing that is wrong. Nothing is checked here but where the
 * records are: whoever looks checks them. Writes nothing, takes no lock.
 */
public final class FileLook {

    /** How many bytes a collection's file may have: arrays hold no more. */
    public static final long LARGEST_FILE = Integer.MAX_VALUE - 64L;

    private static final int PIECE = 1 << 18;

    /** Is shown what is in a file, in its order. */
    public interface Visitor {

        /**
         * A record, its text as it is.
         *
         * @param place to be asked for before the next record comes
         * @param key that it lies under; null in an array
         */
        void record(Place place, @Nullable String key, byte[] body);

        /** The text around the records, with an empty container. */
        void envelope(byte[] text);

        /** Something outside of the records is wrong. */
        void damage(String problem);
    }

    /** Where a record is, for people. */
    public interface Place {
        String describe();
    }

    private FileLook() {}

    /**
     * Shows a file.
     *
     * @param content of the file
     * @return whether all of it could be shown; otherwise a damage says from where on not
     */
    public static boolean into(byte[] content, CollectionSchema<?, ?> schema, Visitor visitor) {
        ParsedFile parsed;
        try {
            parsed = ParsedFile.parseDamaged(content, schema.definition().jsonLayout(), visitor::damage);
        } catch (MalformedFileException nothing) {
            visitor.damage(nothing.problem());
            return false;
        }
        byte[] envelope = parsed.envelope();
        if (envelope != null) {
            visitor.envelope(envelope);
        }
        ParsedFile.Places places = parsed.places();
        for (int i = 0; i < parsed.size(); i++) {
            int record = i;
            String key = null;
            if (parsed.isKeyed()) {
                try {
                    key = parsed.checkedKey(record);
                } catch (MalformedFileException bad) {
                    visitor.damage("the key of a record, " + places.of(record) + ": " + bad.problem());
                    continue;
                }
            }
            visitor.record(() -> places.of(record), key, parsed.body(record));
        }
        return parsed.isWhole();
    }

    /**
     * Reads a collection's file.
     *
     * @return empty if there is none
     * @throws StoreUnavailableException if it cannot be read
     * @throws CorruptFileException if there is something else in its place
     * @throws StartRefusedException if it is too large for the JSON store
     */
    public static Optional<byte[]> read(Path directory, CollectionSchema<?, ?> schema) {
        Path file = new StoreDirectory(directory.toAbsolutePath())
                .user(schema.definition().fileName());
        try {
            return Optional.ofNullable(content(file));
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON, "Cannot read " + file + ": " + e.getClass().getSimpleName(), e);
        }
    }

    static byte @Nullable [] content(Path file) throws IOException {
        if (!Files.exists(UserFiles.target(file))) {
            return null;
        }
        if (!Files.isRegularFile(file)) {
            throw new CorruptFileException(file, "this is not a file; put the collection's file in its place", null);
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new StartRefusedException(
                    "FILE-TOO-LARGE",
                    file + " has " + Files.size(file) + " bytes, and a JSON store's file may have " + LARGEST_FILE,
                    "Split the collection, or start in a database phase.");
        }
        return read(file);
    }

    /** In pieces: asked for all of it at once, Java takes as much again beside the heap and copies it twice. */
    private static byte[] read(Path file) throws IOException {
        byte[] content = new byte[Math.toIntExact(Files.size(file))];
        int length = 0;
        try (InputStream from = Files.newInputStream(file)) {
            while (length < content.length) {
                int read = from.read(content, length, Math.min(PIECE, content.length - length));
                if (read < 0) {
                    return Arrays.copyOf(content, length); // somebody cuts it meanwhile
                }
                length += read;
            }
            byte[] grown = from.readAllBytes();
            byte[] all = grown.length == 0 ? content : Arrays.copyOf(content, length + grown.length);
            System.arraycopy(grown, 0, all, length, grown.length);
            return all;
        }
    }
}
