package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every phase to every phase, on real files and a real PostgreSQL: what was acknowledged is there, and ids go on. */
class PhaseFlipTest {

    @TempDir
    Path directory;

    static Stream<Arguments> allPairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Phase from : Phase.values()) {
            for (Phase to : Phase.values()) {
                pairs.add(Arguments.of(from, to));
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "from {0} to {1} and back")
    @MethodSource("allPairs")
    void everyStartServesWhatTheOneBeforeAcknowledged(Phase from, Phase to) {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            List<Expense> expected = new ArrayList<>();
            long highest = 0;
            for (Phase phase : List.of(from, to, from, to)) {
                try (SwitchoverStorage storage = service.open(phase)) {
                    Repository<Expense, Long> expenses = storage.repository(EXPENSES);
                    assertThat(expenses.findAll()).as("what %s finds", phase).isEqualTo(expected);
                    highest = change(expenses, expected, highest);
                    storage.repository(NOTES).save(new Note(phase.name(), "written in " + phase));
                    assertThat(expenses.findAll()).isEqualTo(expected);
                    assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
                }
            }
            try (SwitchoverStorage storage = service.open(from)) {
                assertThat(storage.repository(EXPENSES).findAll()).isEqualTo(expected);
                assertThat(storage.repository(NOTES).findAll())
                        .extracting(Note::id)
                        .containsExactlyInAnyOrderElementsOf(
                                Stream.of(from, to).distinct().map(Phase::name).toList());
            }
        }
    }

    /** Creates, updates and deletes, the newest record among them, so that an id could be given out twice. */
    private static long change(Repository<Expense, Long> expenses, List<Expense> expected, long highest) {
        long last = highest;
        for (String amount : List.of("1.10", "2.00", "123456789012345678901234567890.5")) {
            Expense created = expenses.create(expense(amount));
            assertThat(created.id()).as("a fresh id").isGreaterThan(last);
            last = created.id();
            expected.add(created);
        }
        int first = 0;
        Expense changed = expenses.update(
                        expected.get(first).id(), e -> e.with(e.amount().add(BigDecimal.ONE)))
                .orElseThrow();
        expected.set(first, changed);
        Expense newest = expected.remove(expected.size() - 1);
        assertThat(expenses.delete(newest.id())).isTrue();
        return last;
    }
}
