package dev.switchover.storage.contract;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.ContractRecords.Account;
import dev.switchover.storage.contract.ContractRecords.Counter;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Movie;
import dev.switchover.storage.contract.ContractRecords.MovieId;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.contract.ContractRecords.Tag;
import java.util.UUID;

/** What the parts of the contract share: the hooks, and definitions in the table layout under test. */
public interface ContractFixture {

    /** Opens a storage over fresh, empty data; the suite closes it. */
    Storage storage(CollectionDefinition<?, ?>... definitions);

    /** Closes a storage and opens it again over the same data. */
    Storage again(Storage storage);

    /** The table layout under test. */
    TableLayout layout();

    default boolean columns() {
        return layout() instanceof TableLayout.Columns;
    }

    default <T, ID> CollectionDefinition.Builder<T, ID> define(String name, Class<T> recordClass, Class<ID> idClass) {
        return CollectionDefinition.of(name, recordClass, idClass).table(layout());
    }

    default CollectionDefinition<Expense, Long> expenses() {
        return define("expenses", Expense.class, Long.class)
                .idGeneration(IdGeneration.SEQUENCE)
                .build();
    }

    default CollectionDefinition<Counter, Long> counters() {
        return define("counters", Counter.class, Long.class)
                .idGeneration(IdGeneration.SEQUENCE)
                .build();
    }

    default CollectionDefinition<Account, String> accounts() {
        return define("accounts", Account.class, String.class)
                .json(JsonLayout.objectKeyedById())
                .build();
    }

    default CollectionDefinition<Tag, UUID> tags() {
        return define("tags", Tag.class, UUID.class)
                .idGeneration(IdGeneration.RANDOM_UUID)
                .build();
    }

    default CollectionDefinition<Movie, MovieId> movies() {
        return define("movies", Movie.class, MovieId.class).build();
    }

    default CollectionDefinition<Sample, Long> samples() {
        return define("samples", Sample.class, Long.class).build();
    }

    default Repository<Expense, Long> openExpenses() {
        CollectionDefinition<Expense, Long> definition = expenses();
        return storage(definition).repository(definition);
    }

    default Repository<Sample, Long> openSamples() {
        CollectionDefinition<Sample, Long> definition = samples();
        return storage(definition).repository(definition);
    }

    /** The id of a record that has one. */
    static long id(Expense expense) {
        Long id = expense.id();
        if (id == null) {
            throw new AssertionError("the stored record has no id");
        }
        return id;
    }
}
