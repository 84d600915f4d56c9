package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.RepositoryContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract in one phase with a database. What is in the mirror afterwards is compared with the primary. */
public abstract class PhaseContract extends RepositoryContract {

    private final Phase phase;
    private final TableLayout layout;
    private final Map<Storage, Opened> opened = new HashMap<>();
    private final List<TestDatabase> databases = new ArrayList<>();

    @TempDir
    Path directory;

    private record Opened(Path directory, TestDatabase database, List<CollectionDefinition<?, ?>> definitions) {}

    protected PhaseContract(Phase phase, TableLayout layout) {
        this.phase = phase;
        this.layout = layout;
    }

    /** Where the library finds it. */
    protected String url(TestDatabase database) {
        return database.url();
    }

    @Override
    protected TableLayout tableLayout() {
        return layout;
    }

    @Override
    protected Storage open(CollectionDefinition<?, ?>... definitions) {
        TestDatabase database = TestDatabase.create();
        databases.add(database);
        try {
            return start(new Opened(Files.createTempDirectory(directory, "storage"), database, List.of(definitions)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Storage reopen(Storage storage) {
        Opened known = opened.remove(storage);
        assertThat(known).as("a storage of this test").isNotNull();
        storage.close();
        return start(known);
    }

    private Storage start(Opened known) {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(phase));
        environment.put("DATABASE_URL", url(known.database()));
        Switchover.Builder builder =
                Switchover.builder().directory(known.directory()).environment(environment);
        known.definitions().forEach(builder::collection);
        SwitchoverStorage storage = builder.open();
        assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
        opened.put(storage, known);
        return storage;
    }

    @AfterEach
    void mirrorsEqualTheirPrimaries() {
        opened.forEach((storage, known) -> {
            assertThat(((SwitchoverStorage) storage).awaitInSync(Duration.ofSeconds(30)))
                    .as("the mirror is in sync")
                    .isTrue();
            storage.close();
            BothStores.assertEqual(known.directory(), known.database().url(), known.definitions());
        });
        databases.forEach(TestDatabase::close);
    }
}
