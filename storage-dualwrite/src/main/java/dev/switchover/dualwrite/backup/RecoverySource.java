package dev.switchover.dualwrite.backup;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Records from one place, of each collection in id order. Immutable but for its problems.
 *
 * @param wholeUpTo of a source that lacks nothing: the version up to which that is known; otherwise 0
 * @param open opens the records of a collection; may be called again, and gives the same then
 */
record RecoverySource(
        String name,
        String path,
        RecoveryScan.Kind kind,
        ToLongFunction<CollectionSchema<?, ?>> wholeUpTo,
        Function<CollectionSchema<?, ?>, RecordCursor> open,
        List<String> problems) {

    private static final int NAMED = 20;

    /** Notes what is wrong, up to a number of things. */
    void problem(String what) {
        if (problems.size() < NAMED && !problems.contains(what)) {
            problems.add(what);
        } else if (problems.size() == NAMED) {
            problems.add("and more");
        }
    }

    static RecoverySource of(
            String name,
            String path,
            RecoveryScan.Kind kind,
            ToLongFunction<CollectionSchema<?, ?>> wholeUpTo,
            Function<CollectionSchema<?, ?>, RecordCursor> open) {
        return new RecoverySource(name, path, kind, wholeUpTo, open, new ArrayList<>());
    }

    /** Records of a file that were read already, of each collection in any order. */
    static RecoverySource inMemory(
            Path file, RecoveryScan.Kind kind, Map<CollectionSchema<?, ?>, List<RawRecord>> records) {
        return of(
                String.valueOf(file.getFileName()),
                file.toString(),
                kind,
                schema -> 0,
                schema -> sorted(schema, records.getOrDefault(schema, List.of())));
    }

    /** Records in memory, in any order; of one id the newest counts. */
    static RecordCursor sorted(CollectionSchema<?, ?> schema, List<RawRecord> records) {
        List<RawRecord> sorted = new ArrayList<>(records);
        var order = schema.idType().order();
        sorted.sort((left, right) -> {
            int byId = order.compare(left.id(), right.id());
            return byId != 0 ? byId : Newest.ORDER.compare(right, left);
        });
        List<RawRecord> once = new ArrayList<>();
        for (RawRecord record : sorted) {
            if (once.isEmpty() || !once.get(once.size() - 1).id().equals(record.id())) {
                once.add(record);
            }
        }
        return RecordCursor.of(once.iterator());
    }
}
