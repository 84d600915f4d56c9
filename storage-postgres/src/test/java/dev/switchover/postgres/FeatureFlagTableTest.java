package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.StartRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeatureFlagTableTest {

    private final TestDatabase database = TestDatabase.create();
    private final PostgresStore store =
            PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(database.url())), List.of());

    @BeforeEach
    void connect() {
        store.ping();
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void a_flag_is_set_changed_and_taken_out() {
        store.setUpSchema();
        FeatureFlagTable flags = store.featureFlags();

        flags.set("DUAL_WRITE_ENABLED", true);
        assertThat(globals()).isEqualTo(Map.of("DUAL_WRITE_ENABLED", true));
        flags.set("DUAL_WRITE_ENABLED", false);
        assertThat(globals()).isEqualTo(Map.of("DUAL_WRITE_ENABLED", false));
        assertThat(flags.unset("DUAL_WRITE_ENABLED")).isTrue();
        assertThat(flags.unset("DUAL_WRITE_ENABLED")).isFalse();
        assertThat(globals()).isEmpty();
    }

    @Test
    void rows_of_single_users_stay_and_contradictions_become_one() throws SQLException {
        store.setUpSchema();
        execute(
                "INSERT INTO feature_flags (name, enabled, user_id) VALUES ('X', true, 'anna'), ('X', true, NULL), ('X', false, NULL)");

        store.featureFlags().set("X", true);

        assertThat(globals()).isEqualTo(Map.of("X", true));
        store.featureFlags().unset("X");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM feature_flags WHERE user_id = 'anna'")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void without_the_table_it_says_how_to_make_it() {
        assertThatThrownBy(() -> store.featureFlags().set("X", true))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("SCHEMA-MISSING")
                .hasMessageContaining("schema apply");
    }

    private Map<String, Boolean> globals() {
        return ((FeatureFlagTable.Flags) store.featureFlags().read()).globals();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
