package dev.switchover.postgres;

import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.IdType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The sequences of a collection: versions, and ids where the store makes them.
 *
 * <p>A sequence is raised only while the records' table is locked against writers: {@code setval} between another's {@code
 * nextval} and its look at the sequence would rewind it, and an id would be issued twice.
 */
final class Counters {

    private final Names names;

    Counters(Names names) {
        this.names = names;
    }

    static boolean issuesIds(CollectionSchema<?, ?> schema) {
        return schema.definition().idGeneration() == IdGeneration.SEQUENCE;
    }

    /** A constant for {@code nextval}. */
    String versions(CollectionSchema<?, ?> schema) {
        return Names.literal(names.versionSequence(schema.name()));
    }

    String ids(CollectionSchema<?, ?> schema) {
        return Names.literal(names.idSequence(schema.name()));
    }

    /** SQL for the last version given by this store's own counter. */
    String lastVersion(CollectionSchema<?, ?> schema) {
        return last(names.versionSequence(schema.name()));
    }

    /** SQL for the highest id issued or stored, as far as sequence and table tell; 0 where ids are no numbers. */
    String highestId(CollectionSchema<?, ?> schema) {
        if (schema.idType() != IdType.LONG) {
            return "0";
        }
        RecordTable table = RecordTable.of(schema, names);
        String stored = "(SELECT coalesce(max(" + table.idColumn() + "), 0) FROM " + table.name() + ")";
        return issuesIds(schema) ? "greatest(" + stored + ", " + last(names.idSequence(schema.name())) + ")" : stored;
    }

    private static String last(String sequence) {
        return "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + sequence + ")";
    }

    /** Keeps writers out of the records' table until the transaction ends; comes before {@link #raise}. */
    void lock(Connection connection, CollectionSchema<?, ?> schema) throws SQLException {
        Bind.execute(
                connection, "LOCK TABLE " + RecordTable.of(schema, names).locked() + " IN SHARE ROW EXCLUSIVE MODE");
    }

    void raiseVersions(Connection connection, CollectionSchema<?, ?> schema, long atLeast) throws SQLException {
        raise(connection, names.versionSequence(schema.name()), atLeast);
    }

    void raiseIds(Connection connection, CollectionSchema<?, ?> schema, long atLeast) throws SQLException {
        if (issuesIds(schema)) {
            raise(connection, names.idSequence(schema.name()), atLeast);
        }
    }

    private static void raise(Connection connection, String sequence, long atLeast) throws SQLException {
        if (atLeast < 1) {
            return;
        }
        String sql = "SELECT setval(" + Names.literal(sequence) + ", ?, true) FROM " + sequence
                + " WHERE last_value < ? OR (last_value = ? AND NOT is_called)";
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql), atLeast, atLeast, atLeast);
                ResultSet raised = statement.executeQuery()) {
            raised.next();
        }
    }
}
