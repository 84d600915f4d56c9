package dev.switchover.postgres;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records as the server gives them, one of them read ahead. One that cannot be read is thrown in its place. Used by one thread. */
abstract class AheadRows implements RecordCursor {

    private final CollectionSchema<?, ?> schema;
    /** What comes before the rows. */
    private @Nullable RawRecord first;

    private @Nullable RawRecord next;
    /** Why the next row is no record. */
    private @Nullable InvalidRecordException unreadable;

    /** @param first what comes before the rows, as the envelope does; null for nothing */
    AheadRows(CollectionSchema<?, ?> schema, @Nullable RawRecord first) {
        this.schema = schema;
        this.first = first;
    }

    final CollectionSchema<?, ?> schema() {
        return schema;
    }

    /**
     * The next row's, or null behind the last.
     *
     * @throws InvalidRecordException with its id, if it cannot be read; then the one behind it is next
     */
    abstract @Nullable RawRecord read() throws SQLException;

    /** Called once, or more often. */
    abstract void end();

    /** Reads the first. Whatever comes of it, nothing is left open behind a failure. */
    final void begin() throws SQLException {
        boolean begun = false;
        try {
            advance();
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void advance() throws SQLException {
        unreadable = null;
        next = first;
        if (next != null) {
            first = null;
            return;
        }
        try {
            next = read();
        } catch (InvalidRecordException e) {
            unreadable = e;
        }
    }

    @Override
    public final boolean hasNext() {
        return next != null || unreadable != null;
    }

    @Override
    public final RawRecord next() {
        RawRecord record = next;
        InvalidRecordException invalid = unreadable;
        if (record == null && invalid == null) {
            throw new NoSuchElementException();
        }
        try {
            advance();
        } catch (SQLException e) {
            close();
            throw SqlRows.brokenOff(schema, e);
        }
        if (record == null) {
            throw Objects.requireNonNull(invalid);
        }
        return record;
    }

    @Override
    public final void close() {
        next = null;
        unreadable = null;
        end();
    }

    static InvalidRecordException withId(InvalidRecordException e, @Nullable String id) {
        return new InvalidRecordException(e.collection(), e.id() == null ? id : e.id(), e.path(), e.reason());
    }
}
