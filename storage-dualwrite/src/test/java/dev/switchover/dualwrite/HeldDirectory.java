package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A directory with one note, in step with its database, and a process that holds it; of all that serves requests only the stores. */
final class HeldDirectory implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(40);

    final Configuration configuration;
    final PostgresStore postgres;
    final Stores stores;
    private final Path directory;
    final TestDatabase database = TestDatabase.create();

    HeldDirectory(Path directory) {
        this.directory = directory;
        try (SwitchoverStorage storage = new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "x"));
            assertThat(storage.awaitInSync(SOON)).isTrue();
        }
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(Phase.DB_ONLY));
        environment.put("DATABASE_URL", database.url());
        configuration = Configuration.of(new Configuration.Given(
                directory,
                environment,
                null,
                json -> json,
                Saving.in(directory.resolve("backups")),
                List.of(EXPENSES, NOTES),
                Clock.systemUTC(),
                step -> {},
                null));
        postgres = PostgresStore.open(configuration.postgres().orElseThrow(), configuration.schemas());
        stores = holding();
    }

    /** Another holder, once this one has let go. */
    Stores holding() {
        Stores held = new Stores(configuration.json(), configuration.schemas(), postgres, true);
        held.holdJson();
        return held;
    }

    ServingStorage serving(Stores held) {
        return new ServingStorage(configuration, List.of(), held, new Mirrors());
    }

    /** As a process that took the directory over did. */
    void replaceLock() {
        Path lock = directory.resolve(".switchover/lock");
        try {
            Files.delete(lock);
            Files.createFile(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stores.close();
        database.close();
    }
}
