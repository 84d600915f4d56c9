package dev.switchover.dualwrite.view;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordCursor;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON directory as it was when it was last read, without its lock: from checkpoints and journal, so that nothing written is
 * missing. It is read again only if a file has changed. Holds all records in memory, as the JSON store does. Thread-safe.
 */
public final class FilesView implements StoreView {

    /** {@link #recent} spends about a tenth of the time with reading at most. */
    private static final int REST = 9;

    private static final Duration GRAIN = Duration.ofSeconds(2);

    private final JsonSettings settings;
    private final List<CollectionSchema<?, ?>> schemas;
    private volatile @Nullable Loaded loaded;

    private record Loaded(ReadOnlyJsonStore files, String fingerprint, long at, long took) {}

    public FilesView(JsonSettings settings, List<CollectionSchema<?, ?>> schemas) {
        this.settings = settings;
        this.schemas = List.copyOf(schemas);
    }

    /** As it is now. */
    public ReadOnlyJsonStore now() {
        refresh();
        return files();
    }

    /** As it was a short while ago: the larger the files, the longer. For whoever asks every second. */
    public ReadOnlyJsonStore recent() {
        Loaded known = loaded;
        boolean fresh = known != null && System.nanoTime() - known.at() < REST * known.took();
        return fresh ? files() : now();
    }

    @Override
    public void requireCurrent() {
        // It is of the moment the files were read, whoever holds them.
    }

    @Override
    public synchronized void refresh() {
        String now = fingerprint();
        Loaded known = loaded;
        if (known != null && known.fingerprint().equals(now)) {
            loaded = new Loaded(known.files(), now, System.nanoTime(), known.took());
            return;
        }
        // Taken before reading: what changes meanwhile is read again the next time.
        long began = System.nanoTime();
        ReadOnlyJsonStore read = JsonStore.openReadOnly(settings, schemas);
        long ended = System.nanoTime();
        loaded = new Loaded(read, now, ended, ended - began);
    }

    private ReadOnlyJsonStore files() {
        Loaded known = loaded;
        if (known == null) {
            refresh();
            known = loaded;
        }
        if (known == null) {
            throw new IllegalStateException("refreshing reads the files");
        }
        return known.files();
    }

    /** Names, sizes and times of everything that is read. */
    private String fingerprint() {
        StoreDirectory directory = new StoreDirectory(settings.directory());
        Instant now = Instant.now();
        List<Path> files = new ArrayList<>();
        schemas.forEach(schema -> files.add(directory.user(schema.definition().fileName())));
        try (DirectoryStream<Path> hidden = Files.newDirectoryStream(directory.hidden(), "{checkpoint,journal}-*")) {
            hidden.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing was ever kept here but the files themselves.
        } catch (IOException | DirectoryIteratorException e) {
            return "unreadable " + System.nanoTime();
        }
        StringBuilder all = new StringBuilder();
        files.stream().sorted().forEach(file -> all.append(look(file, now)).append('\n'));
        return all.toString();
    }

    private static String look(Path file, Instant now) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // Another write within the grain of the file's clock would leave the same time.
            boolean settled = attributes.lastModifiedTime().toInstant().isBefore(now.minus(GRAIN));
            return file.getFileName() + " " + attributes.fileKey() + " " + attributes.size() + " "
                    + (settled ? attributes.lastModifiedTime() : "now " + System.nanoTime());
        } catch (IOException e) {
            return file.getFileName() + " " + e.getClass().getSimpleName();
        }
    }

    @Override
    public Store store() {
        return Store.JSON;
    }

    @Override
    public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
        return files().ledgerEntry(schema);
    }

    @Override
    public boolean remembers(CollectionSchema<?, ?> schema, String token) {
        return files().remembers(schema, token);
    }

    @Override
    public boolean hasRecords(CollectionSchema<?, ?> schema) {
        return files().count(schema) > 0 || hasFile(schema);
    }

    /** Whether the collection's file is there. */
    public boolean hasFile(CollectionSchema<?, ?> schema) {
        return Files.exists(settings.directory().resolve(schema.definition().fileName()));
    }

    @Override
    public long count(CollectionSchema<?, ?> schema) {
        return files().count(schema);
    }

    @Override
    public PendingSummary pending(CollectionSchema<?, ?> schema) {
        return files().pending(schema);
    }

    @Override
    public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
        return files().marks(schema, atMost);
    }

    @Override
    public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
        return files().parked(schema);
    }

    @Override
    public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
        return files().among(schema, ids);
    }

    @Override
    public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
        return files().find(schema, id);
    }

    @Override
    public RecordCursor scan(CollectionSchema<?, ?> schema) {
        return files().scan(schema);
    }
}
