package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Server;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Everything a scenario has opened, to be closed in the end, the last one first. */
final class OpenStores implements AutoCloseable {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <C extends AutoCloseable> C add(C opened) {
        open.push(opened);
        return opened;
    }

    /** A new database, dropped after everything opened later is closed. */
    Database database(Server server) throws SQLException {
        Database database = server.create();
        open.push(() -> server.drop(database));
        return database;
    }

    /** Closes all of them, also when one fails. */
    @Override
    public void close() {
        IllegalStateException failed = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (failed == null) {
                    failed = new IllegalStateException("What was measured could not be closed", e);
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
