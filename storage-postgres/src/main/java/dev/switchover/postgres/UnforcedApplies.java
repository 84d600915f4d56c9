package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Fence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The last applies that the server has answered for and need not have on its disk yet, and how they get there. Thread-safe. */
final class UnforcedApplies {

    /** An apply by its number, and the worker whose it was. */
    record Apply(Fence fence, long number) {}

    private final Database database;
    private final Supplier<Tables> tables;
    private final Map<CollectionSchema<?, ?>, Apply> last = new ConcurrentHashMap<>();

    UnforcedApplies(Database database, Supplier<Tables> tables) {
        this.database = database;
        this.tables = tables;
    }

    /** Before anybody is told of them. */
    void add(Map<CollectionSchema<?, ?>, Apply> applies) {
        last.putAll(applies);
    }

    /**
     * What was applied by these workers is on the disk when this returns.
     *
     * @throws dev.switchover.storage.FencedException if the server has lost some of it, or another worker has taken over
     */
    void force(Map<CollectionSchema<?, ?>, Fence> fences) {
        fences.forEach((schema, fence) -> {
            Apply apply = last.get(schema);
            if (apply != null && apply.fence.equals(fence)) {
                database.write(new Subject(schema.name(), null), connection -> {
                    force(connection, schema, apply);
                    return true;
                });
                last.remove(schema, apply);
            }
        });
    }

    private void force(Connection connection, CollectionSchema<?, ?> schema, Apply apply) throws SQLException {
        MirrorSql sql = tables.get().records(schema).statements().mirror();
        try (PreparedStatement statement = Bind.all(
                        connection.prepareStatement(sql.force()),
                        apply.fence.epoch(),
                        apply.fence.term(),
                        apply.number);
                ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                return;
            }
        }
        try (PreparedStatement statement = Bind.all(connection.prepareStatement(sql.answer()), apply.number);
                ResultSet row = statement.executeQuery()) {
            throw PostgresMirror.refused(schema, apply.fence, row.next() ? row : null, apply.number);
        }
    }
}
