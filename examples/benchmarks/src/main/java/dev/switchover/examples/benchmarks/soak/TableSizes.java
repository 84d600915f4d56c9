package dev.switchover.examples.benchmarks.soak;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the tables of one database take, in bytes.
 *
 * @param records the table that has them, without its indexes
 * @param recordIndexes of that table
 * @param pending what the mirror has yet to get, with its indexes
 * @param others all other tables, with their indexes
 */
record TableSizes(long records, long recordIndexes, long pending, long others) {

    static final TableSizes NONE = new TableSizes(0, 0, 0, 0);

    private static final String SQL =
            "SELECT coalesce(sum(pg_table_size(c.oid)) FILTER (WHERE c.relname = 'entries'), 0),"
                    + " coalesce(sum(pg_indexes_size(c.oid)) FILTER (WHERE c.relname = 'entries'), 0),"
                    + " coalesce(sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname = 'switchover_pending'), 0),"
                    + " coalesce(sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname NOT IN ('entries', 'switchover_pending')), 0)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

    static TableSizes of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            row.next();
            return new TableSizes(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    long recordsWithIndexes() {
        return records + recordIndexes;
    }

    long all() {
        return recordsWithIndexes() + pending + others;
    }
}
