package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes records in the cheapest way there is for them. What was written is acknowledged only if the versions go on from those that were
 * known before, so that a database that went back in time is noticed by the write itself. Thread-safe.
 */
final class RecordWriter {

    private final SingleWriter single;
    private final CombinedWriter combined;
    private final BatchWriter batch;
    private final PostgresRestore restore;
    private final Continuity continuity;
    private final IdSequence idSequence;

    RecordWriter(WriterParts parts, RecordReader reader, PostgresSettings settings) {
        this.single =
                new SingleWriter(parts.database(), parts.tables(), parts.epochs(), parts.idSequence(), parts.beside());
        this.combined = new CombinedWriter(parts, single);
        this.batch = new BatchWriter(parts);
        this.restore = new PostgresRestore(parts, batch, reader, settings);
        this.continuity = parts.continuity();
        this.idSequence = parts.idSequence();
    }

    List<Written> write(List<Write> writes) {
        long[] before = continuity.before(writes);
        List<Written> written = dispatch(writes);
        continuity.acknowledge(before, written);
        return written;
    }

    CombinedWriter combined() {
        return combined;
    }

    private List<Written> dispatch(List<Write> writes) {
        if (writes.size() == 1) {
            Write write = writes.get(0);
            if (write instanceof Write.Put put) {
                return List.of(combined.put(put));
            } else if (write instanceof Write.Delete delete) {
                return List.of(single.delete(delete));
            } else if (write instanceof Write.Insert insert) {
                return List.of(single.insert(insert));
            }
        }
        return writes.isEmpty() ? List.of() : batch.write(writes);
    }

    List<Restored> restore(List<Restoration> wanted, boolean together) {
        Map<CollectionSchema<?, ?>, Long> before = new IdentityHashMap<>();
        wanted.forEach(one -> before.put(one.schema(), continuity.before(one.schema())));
        PostgresRestore.Outcome outcome = restore.restore(wanted, together);
        long[] known = outcome.last().stream()
                .mapToLong(written -> before.getOrDefault(written.schema(), 0L))
                .toArray();
        continuity.acknowledge(known, outcome.last());
        wanted.forEach(one -> idSequence.issued(one.schema(), one.highestId()));
        return outcome.restored();
    }
}
