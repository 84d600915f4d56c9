package dev.switchover.postgres;

import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one short statement, on a connection beside the pool: nobody waits here for a connection, to learn that one has died at rest, or
 * for another try. An answer that does not come in time ends the connection; what comes late is harmless, as {@link MirrorSql} has it.
 */
final class PostgresBoundedApply implements BoundedApply {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.postgres");

    private static final int MOST_CHANGES = 100;

    /** What can be sent without waiting, though nobody takes it at the other end: the least a socket holds is about as much. */
    private static final int MOST_BYTES = 16 << 10;

    /** After so much rest a connection is looked at before it is used, and after so long replaced: as in the pool. */
    private static final long REST = Duration.ofMillis(500).toNanos();

    private static final long LIFETIME = Duration.ofMinutes(30).toNanos();
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final PostgresMirror mirror;
    private final Database database;
    private final Supplier<Tables> tables;
    private final int answerMillis;
    private @Nullable Connection connection;
    private long opened;
    private long used;
    private long failed = System.nanoTime() - PAUSE;

    PostgresBoundedApply(PostgresMirror mirror, Database database, Supplier<Tables> tables, Duration atMost) {
        this.mirror = mirror;
        this.database = database;
        this.tables = tables;
        this.answerMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, atMost.toMillis()));
    }

    @Override
    public boolean apply(
            Map<CollectionSchema<?, ?>, Fence> fences,
            List<MirrorChange> changes,
            Map<CollectionSchema<?, ?>, Long> highestIds) {
        Connection mine = connection;
        long now = System.nanoTime();
        if (mine == null || now - used > REST || now - opened > LIFETIME || changes.size() > MOST_CHANGES) {
            return false;
        }
        List<MirrorGroup> groups = MirrorGroup.of(changes, fences, highestIds, tables.get());
        if (groups.size() != 1 || groups.get(0).bytes() > MOST_BYTES) {
            return false;
        }
        boolean applied = mirror.applyOnce(mine, groups.get(0));
        used = System.nanoTime();
        return applied;
    }

    @Override
    public void makeReady() {
        try {
            Connection mine = connection;
            if (mine != null && System.nanoTime() - opened < LIFETIME && mine.isValid(1)) {
                used = System.nanoTime();
                return;
            }
            close();
            if (System.nanoTime() - failed >= PAUSE) {
                open();
            }
        } catch (StoreUnavailableException e) {
            failed = System.nanoTime();
            LOG.debug("No connection beside those of the pool: {}", e.reason());
        } catch (SQLException e) {
            close();
            failed = System.nanoTime();
            LOG.debug(
                    "No connection beside those of the pool: {}",
                    SqlFailure.of(e).reason());
        }
    }

    private void open() throws SQLException {
        Connection mine = database.own();
        connection = mine;
        mine.setNetworkTimeout(Runnable::run, answerMillis);
        opened = System.nanoTime();
        used = opened;
    }

    @Override
    public void close() {
        Connection mine = connection;
        connection = null;
        if (mine != null) {
            Database.giveBack(mine);
        }
    }
}
