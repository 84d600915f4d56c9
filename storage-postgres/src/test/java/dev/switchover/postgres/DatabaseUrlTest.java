package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    private static final String CANARY = "cAnArY";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "postgresql://ann:secret@db.example:6000/app                | db.example:6000      | app  | ann  | secret",
                "postgres://ann:secret@db.example/app                       | db.example:5432      | app  | ann  | secret",
                "postgresql://db.example                                    | db.example:5432      | *    | -    | -",
                "postgresql://ann@db.example                                | db.example:5432      | ann  | ann  | -",
                "postgresql://                                              | localhost:5432       | *    | -    | -",
                "postgresql:///app                                          | localhost:5432       | app  | -    | -",
                "postgresql://ann@/app                                      | localhost:5432       | app  | ann  | -",
                "postgresql://ann:@db/app                                   | db:5432              | app  | ann  | \"\"",
                "postgresql://a:b:c@db/app                                  | db:5432              | app  | a    | b:c",
                "postgresql://a%40b:p%40s%2Fs%3Aw%3Fd@db/app                | db:5432              | app  | a@b  | p@s/s:w?d",
                "postgresql://a:x+y@db/app                                  | db:5432              | app  | a    | x+y",
                "postgresql://a:%C3%A9%E2%82%AA%F0%9F%98%80@db/app          | db:5432              | app  | a    | é₪😀",
                "postgresql://a:100%25@db/my%20app                          | db:5432              | my app | a  | 100%",
                "postgresql://a:#&=;@db/app                                 | db:5432              | app  | a    | #&=;",
                "postgresql://a:b@[::1]/app                                 | [::1]:5432           | app  | a    | b",
                "postgresql://a:b@[2001:db8::7]:6000/app                    | [2001:db8::7]:6000   | app  | a    | b",
                "postgresql://a:b@one,two:6001,[::1]:6002/app               | one:5432,two:6001,[::1]:6002 | app | a | b",
                "postgresql://a@127.0.0.1:5433/app                          | 127.0.0.1:5433       | app  | a    | -",
                "postgresql:///app?host=one,two&port=6000,6001&user=ann     | one:6000,two:6001    | app  | ann  | -",
                "postgresql://?host=one&port=6000&dbname=app&user=a&password=p%26q | one:6000       | app  | a    | p&q",
                "jdbc:postgresql:app                                        | localhost:5432       | app  | -    | -",
                "jdbc:postgresql:/                                          | localhost:5432       | *    | -    | -",
                "jdbc:postgresql:                                           | localhost:5432       | *    | -    | -",
                "jdbc:postgresql:app?user=ann&password=secret               | localhost:5432       | app  | ann  | secret",
                "jdbc:postgresql://db/app?user=ann&password=s%C3%A9+%20c    | db:5432              | app  | ann  | \"sé+ c\"",
                "jdbc:postgresql://one:6000,two/app                         | one:6000,two:5432    | app  | -    | -",
                "jdbc:postgresql://ann:secret@db/app                        | db:5432              | app  | ann  | secret",
                "\"  postgresql://ann:secret@db/app \n\"                    | db:5432              | app  | ann  | secret",
            })
    void every_form_is_understood(String text, String hosts, String database, String user, String password) {
        DatabaseUrl url = DatabaseUrl.parse(text);

        assertThat(url.hosts()).containsExactly(hosts.split(","));
        assertThat(url.database()).isEqualTo(database.equals("*") ? System.getProperty("user.name") : database);
        assertThat(url.user()).isEqualTo(user);
        assertThat(url.password()).isEqualTo(password);
    }

    @Test
    void libpq_parameters_become_those_of_the_driver() {
        DatabaseUrl url =
                DatabaseUrl.parse("postgresql://db/app?sslmode=verify-full&sslrootcert=%2Fca.pem&connect_timeout=7"
                        + "&application_name=my%20app&target_session_attrs=read-write&options=-c%20search_path%3Dshop"
                        + "&channel_binding=require&keepalives=1&load_balance_hosts=random&client_encoding=UTF-8");

        assertThat(url.properties())
                .isEqualTo(Map.of(
                        "sslmode", "verify-full",
                        "sslrootcert", "/ca.pem",
                        "connectTimeout", "7",
                        "ApplicationName", "my app",
                        "targetServerType", "primary",
                        "options", "-c search_path=shop",
                        "channelBinding", "require",
                        "tcpKeepAlive", "true",
                        "loadBalanceHosts", "true"));
    }

    @Test
    void the_driver_s_own_parameters_are_taken_too() {
        assertThat(DatabaseUrl.parse("jdbc:postgresql://db/app?prepareThreshold=0&socketTimeout=4&currentSchema=shop")
                        .properties())
                .isEqualTo(Map.of("prepareThreshold", "0", "socketTimeout", "4", "currentSchema", "shop"));
    }

    @Test
    void user_and_password_travel_as_properties_and_never_in_the_url() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://ann:" + CANARY + "@one,two:6000/my%2Fapp?sslmode=require");

        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://one:5432,two:6000/my%2Fapp");
        assertThat(url.loginProperties())
                .containsEntry("user", "ann")
                .containsEntry("password", CANARY)
                .containsEntry("sslmode", "require");
    }

    @Test
    void what_is_printed_has_no_secret() {
        DatabaseUrl url =
                DatabaseUrl.parse("postgresql://ann:" + CANARY + "@db/app?sslpassword=" + CANARY + "&sslmode=require");

        assertThat(url.toString())
                .isEqualTo(url.masked())
                .isEqualTo("postgresql://ann:***@db:5432/app?sslmode=require&sslpassword=***");
    }

    @Test
    void an_unknown_parameter_is_refused_by_name_with_what_is_accepted() {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://db/app?sslmdoe=require"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown parameter sslmdoe")
                .hasMessageContaining("sslmode")
                .hasMessageContaining("target_session_attrs");
    }

    @Test
    void all_problems_are_told_at_once() {
        ConfigurationException refusal = catchThrowableOfType(
                ConfigurationException.class,
                () -> DatabaseUrl.parse("postgresql://a:" + CANARY
                        + "@db:99999/app?nope=1&sslmode=maybe&connect_timeout=soon&target_session_attrs=fast"));

        assertThat(refusal.problems()).hasSize(5).allMatch(problem -> problem.startsWith("DATABASE_URL: "));
        assertThat(refusal.getMessage()).doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cAnArY",
                "mysql://a:cAnArY@db/app",
                "postgresql:ann:cAnArY@db/app",
                "postgresql://a:cAn@ArY@db/app",
                "postgresql://a:cAnArY/x@db/app",
                "postgresql://a:cAnArY?x=1@db/app",
                "postgresql://a:x?cAnArY=1@db/app",
                "postgresql://a:x?cAnArY@db/app",
                "postgresql://a:cAnArY%@db/app",
                "postgresql://a:cAnArY%zz@db/app",
                "postgresql://a:cAnArY%C0%80@db/app",
                "postgresql://a:cAnArY%00@db/app",
                "postgresql://a:cAnArY:db/app",
                "postgresql://a:cAnArY",
                "postgresql://a:b@[::1/app",
                "postgresql://a:b@[cAnArY]/app",
                "postgresql://a:b@ho st/app",
                "postgresql://a:b@::1/app",
                "postgresql://a:b@db:0/app",
                "postgresql://a:b@db:port/app",
                "postgresql://a:b@db/app/more",
                "postgresql://a:b@%2Fvar%2Frun/app",
                "postgresql://db/app?password=x&cAnArY",
                "postgresql://db/app?password=x&cAnArY=1",
                "postgresql://a:cAnArY@db/app?password=cAnArY",
                "postgresql://db/app?port=6000",
                "postgresql://db/app?host=other",
                "postgresql://db/app?client_encoding=LATIN1",
                "postgresql://db/app?sslmode=require&sslmode=disable",
            })
    void nonsense_is_refused_without_showing_it(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DATABASE_URL: ")
                .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain(CANARY));
    }

    @Test
    void the_database_is_the_user_s_where_none_is_named() {
        assertThat(DatabaseUrl.parse("postgresql://ann@db").jdbcUrl()).isEqualTo("jdbc:postgresql://db:5432/ann");
        assertThat(List.of(DatabaseUrl.parse("postgresql://db").hosts())).hasSize(1);
    }

    @Test
    void its_data_source_connects_and_prints_no_secret() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            DataSource source = DatabaseUrl.parse(database.url() + "?application_name=by-hand")
                    .dataSource();

            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT current_database(), current_setting('application_name')")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo(database.name());
                assertThat(row.getString(2)).isEqualTo("by-hand");
            }
        }
        assertThat(DatabaseUrl.parse("postgresql://ann:" + CANARY + "@db/app")
                        .dataSource()
                        .toString())
                .doesNotContain(CANARY);
    }
}
