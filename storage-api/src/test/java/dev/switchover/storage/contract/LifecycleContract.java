package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.Read;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Opening, closing, and what survives it. */
interface LifecycleContract extends ContractFixture {

    @Test
    default void everythingSurvivesReopening() {
        CollectionDefinition<Expense, Long> expenses = expenses();
        CollectionDefinition<Sample, Long> samples = samples();
        Storage storage = storage(expenses, samples);
        for (long id : List.of(3L, 1L, 2L)) {
            storage.repository(samples).create(Sample.ofText(id, "text " + id));
        }
        storage.repository(samples).delete(1L);
        storage.repository(samples).save(Sample.ofText(3, "changed"));
        Expense expense = storage.repository(expenses).create(Expense.of("a", "1.10"));
        Storage reopened = again(again(storage));
        assertThat(reopened.repository(samples).findAll())
                .containsExactly(Sample.ofText(3, "changed"), Sample.ofText(2, "text 2"));
        assertThat(reopened.repository(expenses).findAll()).containsExactly(expense);
    }

    @Test
    default void everyLayoutOfTheFileHoldsTheSame() {
        List<JsonLayout> layouts = new ArrayList<>();
        for (JsonLayout shape : List.of(
                JsonLayout.array(),
                JsonLayout.objectKeyedById(),
                JsonLayout.objectKeyedById().in("/a/b"))) {
            for (JsonLayout.Format format : JsonLayout.Format.values()) {
                layouts.add(shape.format(format));
                layouts.add(shape.format(format).base64());
            }
        }
        List<Sample> all = List.of(Sample.ofText(2, "b"), Sample.ofText(1, "a\né"), Sample.ofNumber(3, "1.10"));
        for (JsonLayout layout : layouts) {
            CollectionDefinition<Sample, Long> definition =
                    define("samples", Sample.class, Long.class).json(layout).build();
            Storage storage = storage(definition);
            storage.repository(definition).saveAll(all);
            storage.repository(definition).create(Sample.empty(9));
            storage.repository(definition).delete(9L);
            Storage reopened = again(storage);
            assertThat(reopened.repository(definition).findAll())
                    .as("%s", layout)
                    .isEqualTo(all);
            reopened.close();
        }
    }

    @Test
    default void afterCloseEverythingIsRefused() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        samples.create(Sample.empty(1));
        storage.close();
        storage.close();
        assertThatThrownBy(() -> samples.findById(1L)).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(samples::findAll).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(samples::count).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(() -> samples.stream(Query.all())).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(() -> samples.save(Sample.empty(2))).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(() -> samples.delete(1L)).isInstanceOf(StorageClosedException.class);
        assertThatThrownBy(
                        () -> storage.inUnitOfWork(work -> work.on(definition).save(Sample.empty(2))))
                .isInstanceOf(StorageClosedException.class);
    }

    @Test
    default void anAnswerOfThePrimaryIsNotStale() {
        Repository<Sample, Long> samples = openSamples();
        samples.create(Sample.ofText(1, "a"));
        Read<List<Sample>> read = samples.read(Repository::findAll);
        assertThat(read.stale()).isFalse();
        assertThat(read.value()).containsExactly(Sample.ofText(1, "a"));
    }

    @Test
    default void aRecordHandedOutIsNobodyElses() {
        Assumptions.assumeFalse(
                columns(), "a table of columns needs a class with properties and keeps values, not text");
        @SuppressWarnings("rawtypes")
        CollectionDefinition<Map, Long> definition =
                define("maps", Map.class, Long.class).build();
        @SuppressWarnings("rawtypes")
        Repository<Map, Long> maps = storage(definition).repository(definition);
        Map<String, Object> map = new HashMap<>();
        map.put("id", 7);
        map.put("text", "stored");
        maps.create(map);
        map.put("text", "changed by the caller");
        @SuppressWarnings("unchecked")
        Map<String, Object> found = maps.findById(7L).orElseThrow();
        found.put("text", "changed by the reader");
        assertThat(maps.findById(7L).orElseThrow().get("text")).isEqualTo("stored");
    }
}
