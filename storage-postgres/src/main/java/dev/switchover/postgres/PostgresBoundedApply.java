package dev.switchover.postgres;

import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Applies one short statement, on a connection beside the pool: nobody waits here for a connection, to learn that one has died at rest, or
 * for another try. An answer that does not come in time ends the connection; what comes late is harmless, as {@link MirrorSql} has it.
 */
final class PostgresBoundedApply implements BoundedApply {

    private static final int MOST_CHANGES = 100;

    /** What can be sent without waiting, though nobody takes it at the other end: the least a socket holds is about as much. */
    private static final int MOST_BYTES = 16 << 10;

    /** For each change, beside id and body. */
    private static final int FRAME = 64;

    private final PostgresMirror mirror;
    private final OwnConnection own;
    private final Supplier<Tables> tables;

    PostgresBoundedApply(PostgresMirror mirror, OwnConnection own, Supplier<Tables> tables) {
        this.mirror = mirror;
        this.own = own;
        this.tables = tables;
    }

    @Override
    public boolean apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        Connection connection = own.ready();
        if (connection == null || changes.size() > MOST_CHANGES || bytes(changes) > MOST_BYTES) {
            return false;
        }
        List<MirrorGroup> groups = MirrorGroup.of(changes, fences, highestIds, tables.get());
        return groups.size() == 1 && apply(connection, groups.get(0));
    }

    private static long bytes(List<MirrorChange> changes) {
        long bytes = 0;
        for (MirrorChange change : changes) {
            RawRecord record = change.record();
            // An id has at most three bytes a character, and is quoted at worst.
            bytes += FRAME + 6L * change.id().text().length() + (record == null ? 0 : record.body().length);
        }
        return bytes;
    }

    private boolean apply(Connection connection, MirrorGroup group) {
        boolean understood = false;
        try {
            boolean applied = mirror.applyOnce(connection, group);
            understood = true;
            own.answered();
            return applied;
        } catch (StorageException e) {
            understood = true;
            throw e;
        } finally {
            if (!understood) {
                own.discard(); // or the next would take what is still to come for its own answer
            }
        }
    }

    @Override
    public void makeReady() {
        own.makeReady();
    }

    @Override
    public void close() {
        own.close();
    }
}
