package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.Versioned;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Optimistic versions. */
interface VersionContract extends ContractFixture {

    @Test
    default void aSaveWithTheVersionReadGivesANewOne() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(7, "a"));
        Versioned<Sample> read = samples.findVersioned(7L).orElseThrow();
        Versioned<Sample> saved = samples.save(Sample.ofText(7, "b"), read.version());
        assertThat(saved.record()).isEqualTo(Sample.ofText(7, "b"));
        assertThat(saved.version()).isNotEqualTo(read.version());
        assertThat(samples.findVersioned(7L)).contains(saved);
    }

    @Test
    default void aStaleSaveSaysExpectedAndActualAndChangesNothing() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(7, "a"));
        long stale = samples.findVersioned(7L).orElseThrow().version();
        long actual = samples.save(Sample.ofText(7, "b"), stale).version();
        assertThatThrownBy(() -> samples.save(Sample.ofText(7, "c"), stale))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.collection()).isEqualTo("samples");
                    assertThat(conflict.id()).isEqualTo("7");
                    assertThat(conflict.expected()).isEqualTo(stale);
                    assertThat(conflict.actual()).isEqualTo(actual);
                });
        assertThat(samples.findAll()).containsExactly(Sample.ofText(7, "b"));
        assertThat(samples.findVersioned(7L).orElseThrow().version()).isEqualTo(actual);
    }

    @Test
    default void versionZeroMeansThatThereIsNone() {
        Repository<Sample, Long> samples = openSamples();
        Versioned<Sample> created = samples.save(Sample.ofText(7, "a"), 0);
        assertThatThrownBy(() -> samples.save(Sample.ofText(7, "b"), 0))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isZero();
                    assertThat(conflict.actual()).isEqualTo(created.version());
                });
        assertThatThrownBy(() -> samples.save(Sample.ofText(8, "b"), 5))
                .isInstanceOfSatisfying(
                        VersionConflictException.class,
                        conflict -> assertThat(conflict.actual()).isZero());
        assertThat(samples.findAll()).containsExactly(Sample.ofText(7, "a"));
    }

    @Test
    default void aRecordWithoutAnIdHasNoVersionToExpect() {
        Repository<Expense, Long> expenses = openExpenses();
        assertThatThrownBy(() -> expenses.save(Expense.of("a", "1"), 3)).isInstanceOf(VersionConflictException.class);
        assertThat(expenses.count()).isZero();
    }

    @Test
    default void aStaleDeleteIsRefused() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(7, "a"));
        long stale = samples.findVersioned(7L).orElseThrow().version();
        long actual = samples.save(Sample.ofText(7, "b"), stale).version();
        assertThatThrownBy(() -> samples.delete(7L, stale))
                .isInstanceOfSatisfying(VersionConflictException.class, conflict -> {
                    assertThat(conflict.expected()).isEqualTo(stale);
                    assertThat(conflict.actual()).isEqualTo(actual);
                });
        samples.delete(7L, actual);
        assertThat(samples.exists(7L)).isFalse();
        assertThatThrownBy(() -> samples.delete(7L, actual))
                .isInstanceOfSatisfying(
                        VersionConflictException.class,
                        conflict -> assertThat(conflict.actual()).isZero());
    }

    @Test
    default void versionsAreNeverUsedTwice() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        Set<Long> versions = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            samples.save(Sample.ofText(7, "round " + round));
            versions.add(samples.findVersioned(7L).orElseThrow().version());
            samples.save(Sample.ofText(7, "same"));
            samples.save(Sample.ofText(7, "same"));
            versions.add(samples.findVersioned(7L).orElseThrow().version());
            samples.delete(7L);
            storage = again(storage);
            samples = storage.repository(definition);
        }
        assertThat(versions).hasSize(6).doesNotContain(0L);
    }

    @Test
    default void versionsSurviveReopening() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        samples.create(Sample.ofText(7, "a"));
        samples.update(7L, sample -> Sample.ofText(7, "b"));
        Versioned<Sample> before = samples.findVersioned(7L).orElseThrow();
        Repository<Sample, Long> reopened = again(storage).repository(definition);
        assertThat(reopened.findVersioned(7L)).contains(before);
        reopened.save(Sample.ofText(7, "c"), before.version());
    }
}
