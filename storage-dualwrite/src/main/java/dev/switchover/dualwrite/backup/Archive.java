package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup that was read to its end and found to be whole, and that the definitions take. Whoever reads it again is told if it is
 * another one by then. Immutable and thread-safe.
 */
final class Archive {

    private final Path file;
    private final BackupHead head;
    private final long records;
    private final String sha256;
    private final Map<String, Long> highestOrders;
    private final List<String> problems;

    private Archive(
            Path file,
            BackupHead head,
            long records,
            String sha256,
            Map<String, Long> highestOrders,
            List<String> problems) {
        this.file = file;
        this.head = head;
        this.records = records;
        this.sha256 = sha256;
        this.highestOrders = Map.copyOf(highestOrders);
        this.problems = List.copyOf(problems);
    }

    /**
     * Reads all of it.
     *
     * @param schemas what its records are checked by; collections of other names are only checked for damage
     * @throws DamagedBackupException if it is damaged
     */
    static Archive check(Path file, List<CollectionSchema<?, ?>> schemas) throws IOException {
        try (BackupReader reader = BackupReader.open(file)) {
            List<String> problems = new ArrayList<>();
            Map<String, Long> highestOrders = new HashMap<>();
            for (BackupLine line = reader.next(); line != null; line = reader.next()) {
                highestOrders.merge(line.collection(), line.record().order(), Math::max);
                CollectionSchema<?, ?> schema = find(schemas, line.collection());
                if (schema != null && problems.size() < 10) {
                    problem(schema, line.record(), problems);
                }
            }
            for (int i = 0; i < reader.head().parts().size(); i++) {
                BackupPart part = reader.head().parts().get(i);
                long missing =
                        part.records() - reader.totals().collections().get(i).records();
                if (missing != 0) {
                    problems.add(missing + " rows of " + part.name()
                            + " were no records when the backup was made, and are not in it; recover takes what is");
                }
            }
            return new Archive(
                    file, reader.head(), records(reader), reader.totals().sha256(), highestOrders, problems);
        }
    }

    private static long records(BackupReader reader) {
        return reader.totals().collections().stream()
                .mapToLong(BackupTotals.Total::records)
                .sum();
    }

    private static void problem(CollectionSchema<?, ?> schema, RawRecord record, List<String> problems) {
        try {
            if (record.id().isEnvelope()) {
                schema.checkEnvelope(record.body());
                return;
            }
            CheckedRecord checked = schema.check(record.body(), record.id());
            if (checked.id() != null && !checked.id().equals(record.id())) {
                problems.add("the record " + record.id() + " of " + schema.name() + " holds another id");
            }
        } catch (InvalidRecordException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable CollectionSchema<?, ?> find(List<CollectionSchema<?, ?>> schemas, String name) {
        for (CollectionSchema<?, ?> schema : schemas) {
            if (schema.name().equals(name)) {
                return schema;
            }
        }
        return null;
    }

    Path file() {
        return file;
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    BackupHead head() {
        return head;
    }

    /** How many records, without envelopes. */
    long records() {
        return records;
    }

    /** Why it cannot be restored although it is not damaged. */
    List<String> problems() {
        return problems;
    }

    /** No place in the collection is higher. */
    long highestOrder(String collection) {
        return highestOrders.getOrDefault(collection, 0L);
    }

    BackupPart part(CollectionSchema<?, ?> schema) {
        return head.parts().stream()
                .filter(part -> part.name().equals(schema.name()))
                .findFirst()
                .orElseThrow(() -> new BackupException(file, schema.name() + " is not in the backup " + name()));
    }

    /**
     * The records of one collection, as a store's scan gives them. Its end is reached only if the file is still the one that was
     * checked; otherwise it throws a {@link BackupException}.
     */
    RecordCursor records(CollectionSchema<?, ?> schema) {
        return new ArchiveCursor(this, schema);
    }

    /** @throws BackupException if it is not the file that was checked */
    void requireSame(String checksum) {
        if (!checksum.equals(sha256)) {
            throw changed();
        }
    }

    BackupException changed() {
        return new BackupException(
                file, "The backup " + name() + " was changed while it was being read; nothing was restored. Ask again");
    }
}
