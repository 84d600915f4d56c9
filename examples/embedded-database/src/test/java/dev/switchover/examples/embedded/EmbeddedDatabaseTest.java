package dev.switchover.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    @TempDir
    Path directory;

    @Test
    void dataAreKeptBetweenRunsAndForcedToDisk() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            execute(database, "CREATE TABLE kept (n int)");
            for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
                assertThat(query(database, "SHOW " + setting)).isEqualTo("on");
            }
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database, "SELECT count(*) FROM kept")).isEqualTo("0");
        }
        assertThat(directory.resolve("postgres.new")).doesNotExist();
    }

    @Test
    void aServerLeftByAKilledServiceIsStoppedAndItsDataKept() throws Exception {
        long leftover;
        try (ChildJvm child = ChildJvm.start(Child.class, Map.of(), directory.toString())) {
            child.awaitLine(Pattern.compile("(?m)^(started)$"));
            child.kill();
            leftover = Long.parseLong(Files.readAllLines(directory.resolve("postgres/postmaster.pid"))
                    .get(0)
                    .strip());
            assertThat(ProcessHandle.of(leftover)).isPresent();
        }

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database, "SELECT count(*) FROM kept")).isEqualTo("1");
            assertThat(ProcessHandle.of(leftover).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }

    @Test
    void nobodyElseMayReadIt() throws Exception {
        Path data = directory.resolve("data");
        EmbeddedDatabase.start(data).close();

        for (String name : new String[] {"", "postgres", "postgres.log", "postgres.lock"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                    .as(name)
                    .endsWith("------");
        }
    }

    @Test
    void aServerInUseIsNotTakenAway() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining("Another service");

            assertThat(query(database, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void anUnfinishedCreationIsBegunAgain() throws Exception {
        Files.createDirectories(directory.resolve("postgres.new/base"));
        Files.writeString(directory.resolve("postgres.new/postgresql.conf"), "");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aPidThatBelongsToSomebodyElseNowIsNoServer() throws Exception {
        EmbeddedDatabase.start(directory).close();
        Files.writeString(
                directory.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory)) {
            assertThat(query(database, "SELECT 1")).isEqualTo("1");
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres", "postgres", "");
    }

    /** Starts the server, writes a row, and waits to be killed. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(args[0]));
            execute(database, "CREATE TABLE kept (n int)");
            execute(database, "INSERT INTO kept VALUES (1)");
            System.out.println("started");
            new CountDownLatch(1).await();
        }
    }
}
