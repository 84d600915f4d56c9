package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a restore writes and deletes, and sends it a piece at a time. Used by one thread. */
final class RestorePieces {

    private static final int MOST_WRITES = 1_000;
    private static final long MOST_BYTES = 4 << 20;

    private final Connection connection;
    private final BatchWriter writer;
    private final Tables tables;
    private final CollectionSchema<?, ?> schema;
    private final long unit;
    private final Set<Long> olderUnits;

    private final List<Write> writes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Long> orders = new ArrayList<>();
    private long bytes;
    private long highestId;
    private @Nullable Written last;

    /**
     * @param unit that the marks belong to, or 0
     * @param olderUnits takes those the marks belonged to before
     */
    RestorePieces(
            Connection connection,
            BatchWriter writer,
            Tables tables,
            CollectionSchema<?, ?> schema,
            long unit,
            Set<Long> olderUnits) {
        this.connection = connection;
        this.writer = writer;
        this.tables = tables;
        this.schema = schema;
        this.unit = unit;
        this.olderUnits = olderUnits;
    }

    void put(RawRecord record) throws SQLException {
        writes.add(new Write.Put(schema, record.id(), record.body(), Expected.ANY));
        if (!record.id().isEnvelope()) {
            ids.add(tables.records(schema).shape().idParameter(record.id()));
            orders.add(record.order());
            highestId = Math.max(highestId, schema.number(record.id()));
        }
        bytes += record.body().length;
        flushIfFull();
    }

    void delete(RecordId id) throws SQLException {
        writes.add(new Write.Delete(schema, id, Expected.ANY));
        flushIfFull();
    }

    private void flushIfFull() throws SQLException {
        if (writes.size() >= MOST_WRITES || bytes >= MOST_BYTES) {
            flush();
        }
    }

    void flush() throws SQLException {
        if (writes.isEmpty()) {
            return;
        }
        @Nullable Written[] results = new Written[writes.size()];
        for (BatchGroup group : BatchGroup.of(writes, tables)) {
            writer.run(connection, group, results, unit, olderUnits, null);
        }
        for (Written result : results) {
            Written written = Objects.requireNonNull(result);
            if (last == null || written.version() > last.version()) {
                last = written;
            }
        }
        place();
        writes.clear();
        ids.clear();
        orders.clear();
        bytes = 0;
    }

    /** A write leaves a record where it is, and puts a new one last. */
    private void place() throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        RecordTable table = tables.records(schema).shape();
        String id = table.side() == null ? table.idColumn() : RecordTable.SIDE_ID;
        Bind.update(
                connection,
                "UPDATE " + table.locked() + " AS t SET " + RecordTable.ORDER
                        + " = a.place FROM unnest(?::text[], ?::bigint[]) AS a (id, place) WHERE t." + id + " = a.id::"
                        + table.idType() + " AND t." + RecordTable.ORDER + " <> a.place",
                Bind.Texts.of(ids),
                Bind.Longs.of(orders));
    }

    /** The write with the highest version. */
    Optional<Written> last() {
        return Optional.ofNullable(last);
    }

    long highestId() {
        return highestId;
    }
}
