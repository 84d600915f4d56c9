package dev.switchover.dualwrite.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.guard.Verdict.Refuse;
import dev.switchover.storage.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads when a start is refused: the facts name the right store, and the remedy the one to bring back. */
class RefusalWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JSON_ONLY | unconfirmed 3/a | unreachable | JSON is active but not confirmed at epoch 3 of fork a, version 10",
                "JSON_ONLY | unconfirmed 3 | unreachable | JSON is active but not confirmed at epoch 3, version 10",
                "JSON_ONLY | handed 3 | unreachable | JSON is handed over at epoch 3, version 10",
                "JSON_ONLY | active 3 | active 4 | JSON is active at epoch 3, version 10",
                "JSON_ONLY | handed 3 | unreachable | PostgreSQL cannot be reached: connection refused",
                "JSON_ONLY | mirror 3 | not configured | PostgreSQL is not configured",
                "DB_ONLY | unreachable | mirror 3 | JSON cannot be reached: connection refused",
                "DB_PRIMARY | locked | mirror 3 | pid 7 on host h",
                "JSON_ONLY | files | unreachable | JSON has no ledger yet",
                "DB_ONLY | unreachable | files | PostgreSQL has no ledger yet",
                "DB_ONLY | files | mirror 3 | JSON has no ledger",
                "JSON_ONLY | mirror 3 | empty | PostgreSQL has no ledger",
                "DB_ONLY | active 3 | not configured | DB_ONLY needs a database",
            })
    void theFactsSayWhatWasSeen(Phase wanted, String json, String database, String fact) {
        assertThat(refuse(wanted, json, database).facts()).anyMatch(said -> said.startsWith(fact));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JSON_ONLY | handed 3 | unreachable | Make PostgreSQL reachable (DATABASE_URL).",
                "DB_ONLY | unreachable | mirror 3 | Make the JSON directory available.",
                "JSON_ONLY | files | unreachable | start in JSON_ONLY without DATABASE_URL first",
                "JSON_ONLY | mirror 3 | empty | is DATABASE_URL right",
                "DB_ONLY | files | mirror 3 | is this the right directory",
                "DB_ONLY | active 3 | not configured | Set DATABASE_URL or DATABASE_URL_FILE.",
                "DB_ONLY | handed 3 | unreachable | SWITCHOVER_START_STALE=true",
                "DB_PRIMARY | locked | mirror 3 | SWITCHOVER_TAKE_OVER=true",
            })
    void theRemedySaysWhatToDo(Phase wanted, String json, String database, String remedy) {
        assertThat(refuse(wanted, json, database).remedy()).contains(remedy);
    }

    private static Refuse refuse(Phase wanted, String json, String database) {
        return (Refuse) Guard.decide(wanted, Seen.of(json), Seen.of(database), GuardOptions.NONE);
    }
}
