package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.flags.FlagValue;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.json.DirectoryLockedException;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PositionNoteTest {

    /** Held by nobody; as long as this statement, a note is not ended. */
    private static final String LOCK = "LOCK TABLE switchover_history IN EXCLUSIVE MODE";

    @TempDir
    Path directory;

    private HeldDirectory held;
    private List<Route> routes;

    @BeforeEach
    void letGoOfTheDirectory() {
        held = new HeldDirectory(directory);
        held.stores.releaseJson();
        PhaseChoice databaseOnly =
                new PhaseChoice(Phase.DB_ONLY, new FlagValue(true, "test"), new FlagValue(false, "test"));
        routes = held.configuration.schemas().stream()
                .map(schema -> new Route(schema, databaseOnly))
                .toList();
        routes.forEach(route -> route.serve(1));
    }

    @AfterEach
    void close() {
        held.close();
    }

    private static boolean isSomebodyWaiting(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM pg_stat_activity"
                + " WHERE datname = current_database() AND wait_event_type = 'Lock')")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** It would be let go of beneath whatever was begun. */
    @Test
    void noRequestIsBegunOnADirectoryThatIsHeldForTheNoteOnly() throws Exception {
        PositionNote note = new PositionNote(routes, held.stores);
        CompletableFuture<Void> noting;
        try (Connection connection = held.database.connect();
                Connection looking = held.database.connect();
                Statement lock = connection.createStatement();
                Statement look = looking.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute(LOCK);
            noting = CompletableFuture.runAsync(note::note);
            await().atMost(HeldDirectory.SOON).until(() -> isSomebodyWaiting(look));
            assertThatThrownBy(held::holding).isInstanceOf(DirectoryLockedException.class);
            assertThat(held.serving(held.stores).whileHeld()).isNull();
            connection.rollback();
        }
        noting.join();
        held.holding().releaseJson();
    }
}
