package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class SqlFailureTest {

    @Test
    void of_an_answer_this_process_had_no_memory_for_nothing_is_known() {
        PSQLException failure =
                new PSQLException("Ran out of memory retrieving query results.", PSQLState.OUT_OF_MEMORY);
        assertThat(SqlFailure.of(failure).kind()).isEqualTo(SqlFailure.Kind.LOST);
    }
}
