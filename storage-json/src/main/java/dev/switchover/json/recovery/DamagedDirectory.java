package dev.switchover.json.recovery;

import dev.switchover.json.binary.TextHash;
import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.checkpoint.CheckpointCodec;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.DamagedJournal;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows every record that can still be read in a directory, in whatever state it is: in the collections' files, and in the journal.
 * Where a checkpoint knows a record of a file by its text, it tells the version; otherwise the version is 0. Takes no lock and writes
 * nothing.
 */
public final class DamagedDirectory {

    /** Is shown what was found. */
    public interface Visitor {

        /** A record, checked by the schema. @param file where it is */
        void record(Path file, CollectionSchema<?, ?> schema, RawRecord record);

        /** A file that is not as it should be; what can be read of it is shown all the same. */
        void damage(Path file, String problem);
    }

    private final StoreDirectory directory;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Visitor visitor;
    private final Map<String, Map<RecordId, List<Checkpoint.Known>>> known = new HashMap<>();

    private DamagedDirectory(Path directory, List<CollectionSchema<?, ?>> schemas, Visitor visitor) {
        this.directory = new StoreDirectory(directory.toAbsolutePath());
        this.schemas = schemas;
        this.visitor = visitor;
    }

    public static void show(Path directory, List<CollectionSchema<?, ?>> schemas, Visitor visitor) {
        DamagedDirectory damaged = new DamagedDirectory(directory, schemas, visitor);
        damaged.checkpoints();
        schemas.forEach(damaged::file);
        damaged.journal();
    }

    private void checkpoints() {
        for (Path file : hidden("checkpoint-*")) {
            if (StoreDirectory.checkpointName(file) == null) {
                continue;
            }
            try {
                Checkpoint checkpoint = CheckpointCodec.read(Files.readAllBytes(file));
                Map<RecordId, List<Checkpoint.Known>> ids =
                        known.computeIfAbsent(checkpoint.collection(), unused -> new HashMap<>());
                checkpoint
                        .records()
                        .forEach(record -> ids.computeIfAbsent(record.id(), unused -> new ArrayList<>())
                                .add(record));
                Checkpoint.Known envelope = checkpoint.envelope();
                if (envelope != null) {
                    ids.computeIfAbsent(RecordId.ENVELOPE, unused -> new ArrayList<>())
                            .add(envelope);
                }
            } catch (IOException | IllegalStateException e) {
                visitor.damage(file, "the checkpoint cannot be read, so versions are not known: " + e.getMessage());
            }
        }
    }

    private void file(CollectionSchema<?, ?> schema) {
        Path file = directory.user(schema.definition().fileName());
        byte[] content;
        try {
            content = FileLook.content(file);
        } catch (IOException | RuntimeException e) {
            visitor.damage(file, String.valueOf(e.getMessage()));
            return;
        }
        if (content == null) {
            return;
        }
        boolean whole = FileLook.into(content, schema, new FileLook.Visitor() {
            private long order;

            @Override
            public void record(FileLook.Place place, @Nullable String key, byte[] body) {
                order++;
                try {
                    CheckedRecord checked = schema.check(body, key == null ? null : schema.parseId(key));
                    RecordId id = checked.id();
                    if (id == null) {
                        damage("the record " + place.describe() + " has no id");
                    } else {
                        visitor.record(file, schema, of(schema, id, order, body));
                    }
                } catch (InvalidRecordException e) {
                    damage("the record " + place.describe() + ": " + e.getMessage());
                }
            }

            @Override
            public void envelope(byte[] text) {
                try {
                    visitor.record(file, schema, of(schema, RecordId.ENVELOPE, 0, schema.checkEnvelope(text)));
                } catch (InvalidRecordException e) {
                    damage("the envelope: " + e.getMessage());
                }
            }

            @Override
            public void damage(String problem) {
                visitor.damage(file, problem);
            }
        });
        if (!whole) {
            visitor.damage(file, "it could not be read to its end");
        }
    }

    /** With version and place, if a checkpoint knows this very text. */
    private RawRecord of(CollectionSchema<?, ?> schema, RecordId id, long place, byte[] body) {
        long hash = TextHash.of(body);
        long version = 0;
        long order = id.isEnvelope() ? 0 : place;
        for (Checkpoint.Known one : known.getOrDefault(schema.name(), Map.of()).getOrDefault(id, List.of())) {
            if (one.hash() == hash && one.version() > version) {
                version = one.version();
                order = one.order();
            }
        }
        return new RawRecord(id, version, order, body);
    }

    private void journal() {
        for (Path file : hidden("journal-*")) {
            try {
                long lost = DamagedJournal.frames(
                        Files.readAllBytes(file),
                        frame -> frame.changes().forEach(change -> {
                            if (change instanceof Change.Put put) {
                                put(file, put);
                            }
                        }));
                if (lost > 0) {
                    visitor.damage(file, lost + " bytes of the journal belong to no whole entry");
                }
            } catch (IOException e) {
                visitor.damage(file, String.valueOf(e.getMessage()));
            }
        }
    }

    private void put(Path file, Change.Put put) {
        for (CollectionSchema<?, ?> schema : schemas) {
            if (schema.name().equals(put.collection())) {
                RawRecord record = new RawRecord(put.id(), put.version(), put.order(), put.body());
                visitor.record(file, schema, record);
            }
        }
    }

    private List<Path> hidden(String pattern) {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(directory.hidden())) {
            return files;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.hidden(), pattern)) {
            found.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            visitor.damage(directory.hidden(), String.valueOf(e.getMessage()));
        }
        files.sort(null);
        return files;
    }
}
