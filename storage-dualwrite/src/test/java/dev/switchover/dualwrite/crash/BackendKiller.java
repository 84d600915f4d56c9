package dev.switchover.dualwrite.crash;

import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Kills a server process of PostgreSQL with signal 9: the postmaster then ends all others and recovers from the log. */
final class BackendKiller {

    private final List<TestDatabase> databases;
    private volatile int kills;

    BackendKiller(List<TestDatabase> databases) {
        this.databases = databases;
    }

    int kills() {
        return kills;
    }

    /** Waits until the server has recovered from what was done to it: a start against one that recovers is refused. */
    void awaitRecovered() {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
            for (TestDatabase database : databases) {
                database.connect().close();
            }
            return true;
        });
    }

    /** Does nothing where the server runs elsewhere or belongs to somebody else. */
    void killOne(int choice) {
        TestDatabase database = databases.get(choice % databases.size());
        List<Long> pids = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pid FROM pg_stat_activity WHERE datname = '"
                        + database.name() + "' AND pid <> pg_backend_pid() AND backend_type = 'client backend'")) {
            while (rows.next()) {
                pids.add(rows.getLong(1));
            }
        } catch (SQLException recovering) {
            return;
        }
        if (!pids.isEmpty()) {
            ProcessHandle.of(pids.get(choice % pids.size()))
                    .filter(backend -> backend.info().command().orElse("").contains("postgres"))
                    .filter(ProcessHandle::destroyForcibly)
                    .ifPresent(killed -> kills++);
        }
    }
}
