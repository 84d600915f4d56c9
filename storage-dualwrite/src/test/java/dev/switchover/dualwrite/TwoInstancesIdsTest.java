package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids from a sequence never repeat, whoever makes them and wherever. */
class TwoInstancesIdsTest {

    private static final int EACH = 30;

    @TempDir
    Path directory;

    @Test
    void idsOfTwoInstancesNeverRepeatAlsoAfterTheNewestIsDeletedAndThePhaseFlipped() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            List<Long> made = Collections.synchronizedList(new ArrayList<>());
            service.open(Phase.DB_ONLY).close();
            for (Phase phase : List.of(Phase.DB_ONLY, Phase.DB_PRIMARY)) {
                try (SwitchoverStorage one = service.open(phase);
                        SwitchoverStorage other = service.open(phase)) {
                    ExecutorService threads = Executors.newFixedThreadPool(2);
                    Future<?> first = threads.submit(() -> create(one, made));
                    Future<?> second = threads.submit(() -> create(other, made));
                    first.get();
                    second.get();
                    threads.shutdown();
                    long newest = Collections.max(made);
                    assertThat(one.repository(EXPENSES).delete(newest)).isTrue();
                    made.add(id(other));
                }
            }
            for (Phase phase : List.of(Phase.JSON_ONLY, Phase.DB_ONLY, Phase.JSON_PRIMARY)) {
                try (SwitchoverStorage storage = service.open(phase)) {
                    long highest = Collections.max(made);
                    long next = id(storage);
                    assertThat(next).as(phase.name()).isGreaterThan(highest);
                    made.add(next);
                    assertThat(storage.repository(EXPENSES).delete(next)).isTrue();
                }
            }
            assertThat(made).doesNotHaveDuplicates().hasSize(2 * (2 * EACH + 1) + 3);
        }
    }

    /** By a call of its own and inside a unit of work, which takes its id before it writes. */
    private static void create(SwitchoverStorage storage, List<Long> made) {
        for (int i = 0; i < EACH; i++) {
            made.add(
                    i % 2 == 0
                            ? id(storage)
                            : storage.inUnitOfWork(work ->
                                    work.on(EXPENSES).create(expense("1")).id()));
        }
    }

    private static long id(SwitchoverStorage storage) {
        Long id = storage.repository(EXPENSES).create(expense("1")).id();
        assertThat(id).isNotNull();
        return id == null ? 0 : id;
    }
}
