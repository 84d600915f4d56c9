package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.spi.Mirroring;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes no writes gives no answers: what it says of records and ledgers may be old. */
class ReplicaTest {

    @Test
    void a_read_only_server_counts_as_one_that_does_not_answer() throws Exception {
        try (Fixture fixture = Fixture.serving(Mirroring.OFF)) {
            fixture.sql("BEGIN; ALTER DATABASE " + fixture.database.name()
                    + " SET default_transaction_read_only = on; COMMIT");
            try (PostgresStore store = PostgresStore.open(
                    PostgresSettings.of(DatabaseUrl.parse(fixture.database.url())), fixture.schemas())) {
                assertThatThrownBy(store::prepare).isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(store::ping).isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(() -> store.ledger().read(fixture.documents))
                        .isInstanceOf(StoreUnavailableException.class);
            }
        }
    }

    @Test
    void a_host_s_own_source_that_leads_to_a_read_only_server_is_noticed_too() throws Exception {
        try (Fixture fixture = Fixture.serving(Mirroring.OFF)) {
            fixture.sql("BEGIN; ALTER DATABASE " + fixture.database.name()
                    + " SET default_transaction_read_only = on; COMMIT");
            try (PostgresStore store =
                    PostgresStore.open(PostgresSettings.of(fixture.database.dataSource()), fixture.schemas())) {
                assertThatThrownBy(store::ping)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("read-only");
                assertThatThrownBy(store::prepare)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("read-only");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "target_session_attrs=standby",
                "target_session_attrs=read-only",
                "target_session_attrs=prefer-standby",
                "targetServerType=secondary",
                "targetServerType=preferSecondary"
            })
    void asking_for_a_replica_is_refused(String parameter) {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://one,two/app?" + parameter))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("must be one of any, primary, read-write");
    }

    @Test
    void not_caring_which_server_answers_means_the_primary() {
        for (String parameter : List.of("target_session_attrs=any", "targetServerType=any")) {
            assertThat(DatabaseUrl.parse("postgresql://one,two/app?" + parameter)
                            .properties())
                    .containsEntry("targetServerType", "primary");
        }
    }
}
