package dev.switchover.examples.benchmarks.limits;

import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.peers.DocumentTable;
import dev.switchover.examples.benchmarks.stage.Appends;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file that leads and a table that follows, one after the other on the caller's thread: an append that is forced, then an upsert. */
public final class ForceThenUpsert implements EntryStore {

    public static final String NAME = "append and force, then upsert";

    private final Appends file;
    private final HikariDataSource pool;

    private ForceThenUpsert(Appends file, HikariDataSource pool) {
        this.file = file;
        this.pool = pool;
    }

    public static ForceThenUpsert open(Path file, Database database) throws IOException, SQLException {
        return new ForceThenUpsert(Appends.open(file), DocumentTable.pool(database));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        DocumentTable.load(pool, entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        file.append(Mapper.JSON.writeValueAsBytes(entry));
        file.force();
        try (Connection connection = pool.getConnection()) {
            DocumentTable.upsert(connection, entry);
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        pool.close();
        file.close();
    }
}
