package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Appends;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A table that leads and a file that follows: an upsert with a row that says what is pending, in one statement, then an append that is
 * not forced. Every 20 ms the file is forced and the rows go. On the caller's thread, or for all callers that wait at once.
 */
public final class MarkThenAppend implements EntryStore {

    public static final String NAME = "upsert with a mark, then append";
    public static final String SHARED = "the same, shared";

    private static final int EVERY_MILLIS = 20;

    /** In the order in which they are written, or one waits for the other. */
    private static final String CLEAR =
            "DELETE FROM pending WHERE id IN (SELECT id FROM pending WHERE id = ANY (?) ORDER BY id FOR UPDATE)";

    private static final int MOST = 64;

    private final Appends file;
    private final HikariDataSource pool;
    private final @Nullable Flusher<Row> flusher;
    private final ScheduledExecutorService clearing =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "clearing"));
    private final Object lock = new Object();
    private List<Long> appended = new ArrayList<>();

    private MarkThenAppend(Appends file, HikariDataSource pool, boolean shared) {
        this.file = file;
        this.pool = pool;
        this.flusher = shared ? new Flusher<>("shared-marks", 1, MOST, this::saveAll) : null;
    }

    /** @param shared whether callers who wait at one time share a statement */
    public static MarkThenAppend open(Path file, Database database, boolean shared) throws IOException, SQLException {
        HikariDataSource pool = MarkedUpserts.pool(database);
        MarkThenAppend store = new MarkThenAppend(Appends.open(file), pool, shared);
        store.clearing.scheduleWithFixedDelay(store::clear, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return store;
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
        file.append(Mapper.JSON.writeValueAsBytes(entry));
        synchronized (lock) {
            appended.add(entry.id());
        }
    }

    private void saveAll(List<Row> rows) throws Exception {
        MarkedUpserts.upsertShared(pool, rows);
        for (Row row : rows) {
            file.append(row.body().getBytes(StandardCharsets.UTF_8));
        }
        synchronized (lock) {
            rows.forEach(row -> appended.add(row.id()));
        }
    }

    private void clear() {
        List<Long> ids;
        synchronized (lock) {
            ids = appended;
            appended = new ArrayList<>();
        }
        if (ids.isEmpty()) {
            return;
        }
        try (Connection connection = pool.getConnection();
                PreparedStatement delete = connection.prepareStatement(CLEAR)) {
            file.force();
            delete.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            delete.executeUpdate();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
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
        clearing.shutdown();
        try {
            clearing.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
        file.close();
    }
}
