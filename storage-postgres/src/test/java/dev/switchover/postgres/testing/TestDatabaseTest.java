package dev.switchover.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {

    @Test
    void a_real_server_answers() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            assertThat(query(database, "SELECT version()")).startsWith("PostgreSQL ");
            assertThat(query(database, "SHOW server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void each_database_is_its_own() throws SQLException {
        try (TestDatabase one = TestDatabase.create();
                TestDatabase other = TestDatabase.create()) {
            execute(one, "CREATE TABLE mine (id int)");

            assertThat(query(one, "SELECT to_regclass('mine')")).isEqualTo("mine");
            assertThat(query(other, "SELECT to_regclass('mine')")).isNull();
        }
    }

    @Test
    void the_url_carries_user_and_password() {
        try (TestDatabase database = TestDatabase.create()) {
            URI url = URI.create(database.url());

            assertThat(url.getUserInfo()).isEqualTo(database.user() + ":" + database.password());
            assertThat(url.getPath()).isEqualTo("/" + database.name());
            assertThat(database.jdbcUrl()).startsWith("jdbc:postgresql://" + url.getHost() + ":" + url.getPort());
        }
    }

    @Test
    void closing_drops_the_database_under_whoever_is_connected() throws SQLException {
        TestDatabase database = TestDatabase.create();
        try (Connection connection = database.connect()) {
            database.close();

            assertThat(connection.isValid(1)).isFalse();
        }
        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
    }

    @Test
    void the_durable_server_forces_to_disk() throws SQLException {
        try (TestDatabase database = TestDatabase.durable()) {
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
