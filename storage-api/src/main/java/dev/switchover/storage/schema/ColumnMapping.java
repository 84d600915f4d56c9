package dev.switchover.storage.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as a row of typed columns, both ways. Every value travels as text, which the statement casts to the column's
 * type, so that no driver rounds it. Immutable and thread-safe.
 */
public final class ColumnMapping {

    /**
     * One column.
     *
     * @param name as in the table, unquoted
     * @param property path of the property, dotted
     */
    public record Column(String name, String property, ColumnType type, boolean partOfId) {}

    /** The declared columns, in the order of the record class. The column for unknown properties is not among them. */
    public List<Column> columns() {
        throw new UnsupportedOperationException();
    }

    /** The column, of type {@code json}, for the properties the class does not know; null in it where there are none. */
    public String restColumn() {
        throw new UnsupportedOperationException();
    }

    /** The column a property is in, or null. */
    public @Nullable Column column(String property) {
        throw new UnsupportedOperationException();
    }

    /**
     * The values of {@link #columns()}, in order, and last that of {@link #restColumn()}. Null for null and absent. Dates and
     * timestamps in ISO 8601 (timestamps in UTC), numbers in plain digits.
     *
     * @throws dev.switchover.storage.InvalidRecordException if a value would not come out of its column as it went in
     */
    public @Nullable String[] toRow(byte[] body) {
        throw new UnsupportedOperationException();
    }

    /** The record of a row: every declared property, null where the column is, then the rest; in the collection's JSON layout. */
    public byte[] fromRow(@Nullable String[] row) {
        throw new UnsupportedOperationException();
    }
}
