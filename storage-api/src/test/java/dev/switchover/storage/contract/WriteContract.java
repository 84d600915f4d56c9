package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Create, save, delete. */
interface WriteContract extends ContractFixture {

    @Test
    default void whatIsCreatedIsFound() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense created = expenses.create(Expense.of("food", "12.50"));
        assertThat(created).isEqualTo(Expense.of("food", "12.50").withId(ContractFixture.id(created)));
        assertThat(expenses.findById(ContractFixture.id(created))).contains(created);
        assertThat(expenses.exists(ContractFixture.id(created))).isTrue();
        assertThat(expenses.count()).isEqualTo(1);
    }

    @Test
    default void anEmptyCollectionAnswersWithNothing() {
        Repository<Expense, Long> expenses = openExpenses();
        assertThat(expenses.findAll()).isEmpty();
        assertThat(expenses.count()).isZero();
        assertThat(expenses.findById(1L)).isEmpty();
        assertThat(expenses.findVersioned(1L)).isEmpty();
        assertThat(expenses.exists(1L)).isFalse();
        assertThat(expenses.delete(1L)).isFalse();
        assertThat(expenses.deleteAll(List.of(1L, 2L))).isZero();
        assertThat(expenses.deleteAll(List.of())).isZero();
        assertThat(expenses.saveAll(List.of())).isEmpty();
    }

    @Test
    default void creatingWhatExistsIsRefusedAndChangesNothing() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(7, "first"));
        assertThatThrownBy(() -> samples.create(Sample.ofText(7, "second")))
                .isInstanceOfSatisfying(RecordExistsException.class, refused -> {
                    assertThat(refused.collection()).isEqualTo("samples");
                    assertThat(refused.id()).isEqualTo("7");
                });
        assertThat(samples.findAll()).containsExactly(Sample.ofText(7, "first"));
    }

    @Test
    default void savingStoresWholeWhetherOrNotThereWasOne() {
        Repository<Sample, Long> samples = openSamples();
        assertThat(samples.save(Sample.ofText(7, "first"))).isEqualTo(Sample.ofText(7, "first"));
        assertThat(samples.save(Sample.ofNumber(7, "1"))).isEqualTo(Sample.ofNumber(7, "1"));
        assertThat(samples.findAll()).containsExactly(Sample.ofNumber(7, "1"));
    }

    @Test
    default void savingKeepsThePlaceAndCreatingAgainGoesLast() {
        Repository<Sample, Long> samples = openSamples();
        for (long id : List.of(3L, 1L, 2L)) {
            samples.create(Sample.empty(id));
        }
        samples.save(Sample.ofText(3, "changed"));
        assertThat(samples.findAll()).extracting(Sample::id).containsExactly(3L, 1L, 2L);
        assertThat(samples.delete(3L)).isTrue();
        samples.create(Sample.empty(3));
        assertThat(samples.findAll()).extracting(Sample::id).containsExactly(1L, 2L, 3L);
    }

    @Test
    default void manyAreSavedInTheirOrder() {
        Repository<Expense, Long> expenses = openExpenses();
        Expense first = expenses.create(Expense.of("a", "1"));
        List<Expense> saved =
                expenses.saveAll(List.of(Expense.of("b", "2"), first.withCategory("changed"), Expense.of("c", "3")));
        assertThat(saved).extracting(Expense::category).containsExactly("b", "changed", "c");
        assertThat(saved).extracting(Expense::id).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(expenses.findAll()).extracting(Expense::category).containsExactly("changed", "b", "c");
        assertThat(expenses.findAll()).containsExactlyInAnyOrderElementsOf(saved);
    }

    @Test
    default void ofTwoRecordsWithOneIdTheLaterCounts() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.ofText(7, "first"), Sample.empty(8), Sample.ofText(7, "later")));
        assertThat(samples.findAll()).containsExactly(Sample.ofText(7, "later"), Sample.empty(8));
    }

    @Test
    default void ofManyEitherAllOrNoneAreSaved() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(1, "old"));
        assertThatThrownBy(() -> samples.saveAll(Arrays.asList(
                        Sample.ofText(1, "new"), Sample.ofText(2, "new"), Sample.ofText(3, "not storable: \0"))))
                .isInstanceOf(InvalidRecordException.class);
        assertThat(samples.findAll()).containsExactly(Sample.ofText(1, "old"));
    }

    @Test
    default void deletingTellsWhetherThereWasOne() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.empty(1), Sample.empty(2), Sample.empty(3), Sample.empty(4)));
        assertThat(samples.delete(2L)).isTrue();
        assertThat(samples.delete(2L)).isFalse();
        assertThat(samples.findById(2L)).isEmpty();
        assertThat(samples.deleteAll(List.of(1L, 2L, 4L, 4L, 99L))).isEqualTo(2);
        assertThat(samples.findAll()).containsExactly(Sample.empty(3));
    }

    @Test
    default void aThousandRecordsGoInAndOut() {
        Repository<Sample, Long> samples = openSamples();
        List<Sample> many = LongStream.rangeClosed(1, 1_000)
                .mapToObj(id -> Sample.ofText(id, "text " + id))
                .toList();
        samples.saveAll(many);
        assertThat(samples.findAll()).isEqualTo(many);
        assertThat(samples.deleteAll(many.stream().map(Sample::id).toList())).isEqualTo(1_000);
        assertThat(samples.count()).isZero();
    }
}
