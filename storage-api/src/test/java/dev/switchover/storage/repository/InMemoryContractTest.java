package dev.switchover.storage.repository;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.RepositoryContract;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;

/** The contract on the simplest storage there is: it proves the suite, and the code all stores share. */
class InMemoryContractTest {

    @Nested
    class DocumentLayout extends InMemoryContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.document();
        }
    }

    @Nested
    class ColumnsLayout extends InMemoryContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.columns();
        }
    }

    abstract static class InMemoryContract extends RepositoryContract {

        @Override
        protected Storage open(CollectionDefinition<?, ?>... definitions) {
            return new InMemoryStorage(
                    new InMemoryAccess(),
                    Arrays.stream(definitions).map(CollectionSchema::of).toList());
        }

        @Override
        protected Storage reopen(Storage storage) {
            return ((InMemoryStorage) storage).reopen();
        }
    }
}
