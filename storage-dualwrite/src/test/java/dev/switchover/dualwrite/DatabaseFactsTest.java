package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.backup.LastBackups;
import dev.switchover.dualwrite.report.ReportFiles;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DatabaseFactsTest {

    private static final Reports NOWHERE = new Reports(new ReportFiles(Path.of("nowhere")), null);

    private final MemoryPair pair = new MemoryPair(Store.POSTGRESQL);
    private final DatabaseFacts facts = new DatabaseFacts(
            pair.primary(),
            pair.schemas(),
            Duration.ofMillis(50),
            Clock.systemUTC(),
            new RecentReports(NOWHERE, NOWHERE, null, new LastBackups(Path.of("nowhere"))));

    @Test
    void everyCollectionIsTold() {
        pair.save(1, "a");
        assertThat(facts.read()).containsOnlyKeys(pair.expenses(), pair.incomes());
        assertThat(facts.read().get(pair.expenses()).ledger()).isNotNull();
    }

    @Test
    void nobodyWaitsForADatabaseThatHangsAndItIsAskedOnceOnly() {
        try (Faults.Hang hang = pair.primaryDisk().faults().hang(Moment.BEFORE, Call.to(Operation.READ_LEDGER))) {
            assertThat(facts.read()).isEmpty();
            assertThat(facts.read()).isEmpty();
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("switchover-status")))
                    .hasSize(1);
        }
        await().until(() -> facts.read().size() == 2);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNotAskedForTheOtherCollections() {
        AtomicInteger asked = new AtomicInteger();
        pair.primaryDisk().faults().on(Moment.BEFORE, Call.to(Operation.READ_LEDGER), call -> asked.incrementAndGet());
        try (Faults.Fault away = pair.primaryDisk().faults().unreachable()) {
            assertThat(facts.read()).isEmpty();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWaitAndStays() {
        try (Faults.Hang hang = pair.primaryDisk().faults().hang(Moment.BEFORE, Call.to(Operation.READ_LEDGER))) {
            Thread.currentThread().interrupt();
            assertThat(facts.read()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
