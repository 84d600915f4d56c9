package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.contract.ContractRecords.Counter;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Atomic read-modify-write, alone and among many. */
interface UpdateContract extends ContractFixture {

    @Test
    default void anUpdateStoresWhatTheFunctionMakes() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense created = expenses.create(Expense.of("a", "1"));
        long id = ContractFixture.id(created);
        assertThat(expenses.update(id, expense -> expense.withCategory("b"))).contains(created.withCategory("b"));
        assertThat(expenses.findById(id)).contains(created.withCategory("b"));
    }

    @Test
    default void anUpdateOfNothingDoesNotCallTheFunction() {
        Repository<Expense, Long> expenses = openExpenses();
        AtomicInteger calls = new AtomicInteger();
        assertThat(expenses.update(5L, expense -> {
                    calls.incrementAndGet();
                    return expense;
                }))
                .isEmpty();
        assertThat(calls).hasValue(0);
        assertThat(expenses.count()).isZero();
    }

    @Test
    default void anUpdateMustKeepTheId() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense created = expenses.create(Expense.of("a", "1"));
        long id = ContractFixture.id(created);
        assertThatThrownBy(() -> expenses.update(id, expense -> expense.withId(id + 1)))
                .isInstanceOfSatisfying(
                        InvalidRecordException.class,
                        refused -> assertThat(refused.path()).isEqualTo("/id"));
        assertThatThrownBy(() -> expenses.update(id, expense -> Expense.of("b", "2")))
                .isInstanceOf(InvalidRecordException.class);
        assertThat(expenses.findAll()).containsExactly(created);
    }

    @Test
    default void anErrorOfTheFunctionReachesTheCallerAndChangesNothing() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense created = expenses.create(Expense.of("a", "1"));
        IllegalStateException own = new IllegalStateException("mine");
        assertThatThrownBy(() -> expenses.update(ContractFixture.id(created), expense -> {
                    throw own;
                }))
                .isSameAs(own);
        assertThat(expenses.findAll()).containsExactly(created);
    }

    @Test
    default void aWriteInTheMiddleOfAnUpdateIsNotLost() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense created = expenses.create(Expense.of("a", "1"));
        long id = ContractFixture.id(created);
        AtomicInteger calls = new AtomicInteger();
        expenses.update(id, expense -> {
            if (calls.getAndIncrement() == 0) {
                elsewhere(() -> expenses.save(expense.withCategory("from the middle")));
            }
            return expense.withAmount(expense.amount().add(BigDecimal.ONE));
        });
        assertThat(calls).hasValue(2);
        assertThat(expenses.findById(id).orElseThrow().category()).isEqualTo("from the middle");
        assertThat(expenses.findById(id).orElseThrow().amount()).isEqualByComparingTo("2");
    }

    @Test
    default void aDeleteInTheMiddleOfAnUpdateWins() {
        Repository<Expense, Long> expenses = openExpenses();
        long id = ContractFixture.id(expenses.create(Expense.of("a", "1")));
        assertThat(expenses.update(id, expense -> {
                    elsewhere(() -> expenses.delete(id));
                    return expense.withCategory("b");
                }))
                .isEmpty();
        assertThat(expenses.exists(id)).isFalse();
    }

    @Test
    default void sixteenThreadsUpdatingOneRecordLoseNothing() throws Exception {
        CollectionDefinition<Counter, Long> definition = counters();
        Repository<Counter, Long> counters = storage(definition).repository(definition);
        long id = counters.create(new Counter(0, 0)).id();
        inParallel(16, thread -> {
            for (int i = 0; i < 20; i++) {
                counters.update(id, Counter::increment);
            }
        });
        assertThat(counters.findById(id)).contains(new Counter(id, 320));
    }

    @Test
    default void ofManyThreadsCreatingOneIdOneWins() throws Exception {
        Repository<Sample, Long> samples = openSamples();
        AtomicInteger created = new AtomicInteger();
        inParallel(8, thread -> {
            for (long id = 1; id <= 20; id++) {
                try {
                    samples.create(Sample.ofText(id, "thread " + thread));
                    created.incrementAndGet();
                } catch (RecordExistsException expected) {
                    assertThat(expected.id()).isEqualTo(Long.toString(id));
                }
            }
        });
        assertThat(created).hasValue(20);
        assertThat(samples.count()).isEqualTo(20);
    }

    @Test
    default void idsMadeForManyThreadsAreAllDifferent() throws Exception {
        Repository<Expense, Long> expenses = openExpenses();
        inParallel(8, thread -> {
            for (int i = 0; i < 20; i++) {
                expenses.create(Expense.of("thread " + thread, "1"));
            }
        });
        assertThat(expenses.findAll()).hasSize(160);
        assertThat(expenses.findAll()).extracting(Expense::id).doesNotHaveDuplicates();
    }

    @Test
    default void anInterruptedCallerHarmsNobody() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense first = expenses.create(Expense.of("a", "1"));
        Thread.currentThread().interrupt();
        try {
            expenses.save(first.withCategory("b"));
        } catch (StorageException allowed) {
            assertThat(allowed).isNotNull();
        } finally {
            Thread.interrupted();
        }
        Expense second = expenses.create(Expense.of("c", "1"));
        assertThat(expenses.findAll()).hasSize(2).contains(second);
    }

    interface ParallelWork {
        void run(int thread);
    }

    /** Runs the work on all threads at once and fails if one of them does. */
    static void inParallel(int threads, ParallelWork work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                running.add(pool.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Runs it on another thread, to its end. */
    static void elsewhere(Runnable work) {
        try {
            inParallel(1, thread -> work.run());
        } catch (Exception e) {
            throw new AssertionError("the write in the middle failed", e);
        }
    }
}
