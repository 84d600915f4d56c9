package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.switchover.dualwrite.CallListener.Call;
import dev.switchover.dualwrite.CallListener.Kind;
import dev.switchover.dualwrite.CallListener.Outcome;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.VersionConflictException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallListenerTest {

    @TempDir
    Path directory;

    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everyCallIsToldWithItsStorePhaseAndOutcome(Phase phase) {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = open(phase, database.url())) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            Expense made = expenses.create(expense("12.50"));
            expenses.findById(made.id());
            assertThatThrownBy(() -> expenses.save(made, 99)).isInstanceOf(VersionConflictException.class);
            storage.inUnitOfWork(unit -> {
                unit.on(EXPENSES).create(expense("1.00"));
                return unit.on(NOTES).create(new Note("a", "b"));
            });

            Store primary = phase.primary();
            assertThat(calls).allSatisfy(call -> {
                assertThat(call.phase()).isEqualTo(phase);
                assertThat(call.store()).isEqualTo(primary);
                assertThat(call.nanos()).isPositive();
            });
            assertThat(calls)
                    .extracting(Call::kind, Call::collection, Call::outcome)
                    .contains(
                            tuple(Kind.WRITE, "expenses", Outcome.SUCCESS),
                            tuple(Kind.READ, "expenses", Outcome.SUCCESS),
                            tuple(Kind.WRITE, "expenses", Outcome.CONFLICT),
                            tuple(Kind.WRITE, Call.SEVERAL, Outcome.SUCCESS));
        }
    }

    @Tag("slow")
    @Test
    void anUnreachableDatabaseGivesStaleReadsAndUnavailableWrites() {
        try (TestDatabase database = TestDatabase.create();
                TcpProxy proxy = TcpProxy.before(database);
                SwitchoverStorage storage = open(Phase.DB_PRIMARY, proxy.url())) {
            Repository<Expense, Long> expenses = storage.repository(EXPENSES);
            Expense made = expenses.create(expense("12.50"));
            proxy.cut();
            calls.clear();

            expenses.findById(made.id());
            assertThatThrownBy(() -> expenses.save(made.with(new BigDecimal("2"))))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(calls)
                    .extracting(Call::kind, Call::store, Call::outcome)
                    .containsExactly(
                            tuple(Kind.READ, Store.JSON, Outcome.STALE),
                            tuple(Kind.WRITE, Store.POSTGRESQL, Outcome.UNAVAILABLE));
        }
    }

    private SwitchoverStorage open(Phase phase, String url) {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(phase));
        environment.put("DATABASE_URL", url);
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES)
                .calls(calls::add)
                .open();
    }
}
