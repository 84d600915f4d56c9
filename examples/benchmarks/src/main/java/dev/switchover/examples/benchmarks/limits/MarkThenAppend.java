package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that leads and a file that follows: an upsert with a row that says what is pending, in one statement, then an append that is
 * not forced. Every 20 ms the file is forced and the rows go. On the caller's thread, or for all callers that wait at once.
 */
public final class MarkThenAppend implements EntryStore {

    public static final String NAME = "upsert with a mark, then append";
    public static final String SHARED = "the same, shared";

    /** In the order in which they are written, or one waits for the other. */
    private static final String CLEAR =
            "DELETE FROM pending WHERE id IN (SELECT id FROM pending WHERE id = ANY (?) ORDER BY id FOR UPDATE)";

    private static final int MOST = 64;

    private final HikariDataSource pool;
    private final FollowingFile<Long> file;
    private final @Nullable Flusher<Row> flusher;

    private MarkThenAppend(Path file, HikariDataSource pool, boolean shared) throws IOException {
        this.pool = pool;
        this.file = FollowingFile.open(file, this::clear);
        this.flusher = shared ? new Flusher<>("shared-marks", 1, MOST, this::saveAll) : null;
    }

    /** @param shared whether callers who wait at one time share a statement */
    public static MarkThenAppend open(Path file, Database database, boolean shared) throws IOException, SQLException {
        return new MarkThenAppend(file, MarkedUpserts.pool(database), shared);
    }

    @Override
    public String name() {
        return flusher == null ? NAME : SHARED;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        if (flusher != null) {
            flusher.submit(Row.of(entry));
            return;
        }
        MarkedUpserts.upsert(pool, entry);
        file.append(List.of(Mapper.JSON.writeValueAsBytes(entry)), List.of(entry.id()));
    }

    private void saveAll(List<Row> rows) throws Exception {
        MarkedUpserts.upsertShared(pool, rows);
        file.append(
                rows.stream().map(Row::bytes).toList(),
                rows.stream().map(Row::id).toList());
    }

    private void clear(List<Long> ids) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement delete = connection.prepareStatement(CLEAR)) {
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        if (flusher != null) {
            flusher.close();
        }
        try (pool) {
            file.close();
        }
    }
}
