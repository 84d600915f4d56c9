package dev.switchover.json;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.RepositoryContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract on JSON files, reopened in order and after a crash. */
class JsonContractTest {

    @Nested
    class DocumentLayout extends JsonContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.document();
        }

        @Override
        Path next(Path directory, Storage storage) {
            storage.close();
            return directory;
        }
    }

    @Nested
    class ColumnsLayoutAfterACrash extends JsonContract {

        @Override
        protected TableLayout tableLayout() {
            return TableLayout.columns();
        }

        @Override
        Path next(Path directory, Storage storage) {
            return copy(directory);
        }
    }

    abstract static class JsonContract extends RepositoryContract {

        @TempDir
        Path home;

        private final Map<Storage, Path> directories = new HashMap<>();
        private final Map<Storage, List<CollectionDefinition<?, ?>>> definitions = new HashMap<>();

        /** Where the next process finds the data, which has closed the storage first, or has not. */
        abstract Path next(Path directory, Storage storage);

        @Override
        protected Storage open(CollectionDefinition<?, ?>... opened) {
            return open(newDirectory(), List.of(opened));
        }

        @Override
        protected Storage reopen(Storage storage) {
            return open(next(directories.get(storage), storage), definitions.get(storage));
        }

        private Storage open(Path directory, List<CollectionDefinition<?, ?>> opened) {
            JsonStorage storage = JsonStorage.open(Book.settings(directory), opened);
            directories.put(storage, directory);
            definitions.put(storage, opened);
            return storage;
        }

        private Path newDirectory() {
            return home.resolve("data" + directories.size());
        }

        Path copy(Path directory) {
            Path target = newDirectory();
            try {
                Crash.copy(directory, target);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return target;
        }
    }
}
