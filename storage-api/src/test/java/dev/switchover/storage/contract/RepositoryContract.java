package dev.switchover.storage.contract;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * Everything {@code Repository}, {@code Storage}, {@code UnitOfWork} and {@code Envelope} promise, as tests. An implementation
 * extends this class, once for each table layout, and gives three hooks; it has to pass as a whole. The storage has to extend
 * {@code RecordStorage}.
 */
public abstract class RepositoryContract
        implements WriteContract,
                IdContract,
                VersionContract,
                UpdateContract,
                QueryContract,
                QueryMeaningContract,
                StreamContract,
                PageContract,
                ExactnessContract,
                RefusalContract,
                TypeContract,
                UnitOfWorkContract,
                EnvelopeContract,
                LifecycleContract {

    private final List<Storage> opened = new ArrayList<>();

    /** Opens a storage over fresh, empty data, with these collections. Called once or more in a test. */
    protected abstract Storage open(CollectionDefinition<?, ?>... definitions);

    /** Closes the storage, if it is open, and opens it again over the same data with the same collections. */
    protected abstract Storage reopen(Storage storage);

    /** The table layout under test: {@code TableLayout.document()} or {@code TableLayout.columns()}. */
    protected abstract TableLayout tableLayout();

    @Override
    public final Storage storage(CollectionDefinition<?, ?>... definitions) {
        return opened(open(definitions), "open");
    }

    @Override
    public final Storage again(Storage storage) {
        return opened(reopen(storage), "reopen");
    }

    @Override
    public final TableLayout layout() {
        TableLayout layout = tableLayout();
        if (layout == null) {
            throw new AssertionError("The hook tableLayout() of " + getClass().getSimpleName() + " gave nothing");
        }
        return layout;
    }

    @AfterEach
    void closeEverything() {
        opened.forEach(Storage::close);
    }

    private Storage opened(Storage storage, String hook) {
        if (storage == null) {
            throw new AssertionError("The hook " + hook + "() of " + getClass().getSimpleName() + " gave nothing");
        }
        opened.add(storage);
        return storage;
    }
}
