package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.postgres.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TransactionTest {

    /** The server answers such a COMMIT with a rollback, and the driver returns as if all were well. */
    @Test
    void a_transaction_with_a_failed_statement_is_never_taken_for_committed() throws SQLException {
        try (TestDatabase database = TestDatabase.create();
                Connection connection = database.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE written (id int)");
            }

            assertThatThrownBy(() -> Transaction.writing("").run(connection, TransactionTest::writeAndSwallow))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("had failed");

            assertThat(connection.getAutoCommit()).isTrue();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM written")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }

    private static String writeAndSwallow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO written VALUES (1)");
            statement.execute("SELECT 1 / 0");
        } catch (SQLException swallowed) {
            return "as if all were well";
        }
        return "not reached";
    }
}
