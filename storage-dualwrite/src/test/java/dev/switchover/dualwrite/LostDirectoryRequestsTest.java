package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request that fails because its holder loses the directory in the middle: nobody let go of it, somebody took it. */
@Timeout(120)
class LostDirectoryRequestsTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private final CountDownLatch ended = new CountDownLatch(1);
    private TestDatabase database;
    private Configuration configuration;
    private PostgresStore postgres;
    private Stores stores;

    @BeforeEach
    void holdADirectory() {
        database = TestDatabase.create();
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

    @AfterEach
    void letGo() {
        stores.close();
        database.close();
    }

    private Stores holding() {
        Stores held = new Stores(configuration.json(), configuration.schemas(), postgres, true);
        held.holdJson();
        return held;
    }

    private DirectoryRequests of(Stores held, RequestHandler handler) {
        DirectoryRequests requests = DirectoryRequests.of(
                configuration,
                new ServingStorage(configuration, List.of(), held, new Mirrors()),
                RequestHandlers.NONE.with(ExportHandler.KIND, handler).telling(kind -> ended.countDown()));
        requests.start();
        return requests;
    }

    private CompletableFuture<ExportReport> exported() {
        DirectoryRequests asker = DirectoryRequests.beside(configuration, postgres, RequestHandlers.NONE);
        return CompletableFuture.supplyAsync(() -> ExportReport.fromJson(
                asker.askHolder(ExportHandler.KIND, ExportHandler.arguments(List.of()), SOON, RequestProgress.NONE)));
    }

    /** As a process that took the directory over did. */
    private void replaceLock() {
        Path lock = directory.resolve(".switchover/lock");
        try {
            Files.delete(lock);
            Files.createFile(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatFailsBecauseTheDirectoryIsLostMeanwhileIsBegunAgainByItsNextHolder() throws Exception {
        CompletableFuture<ExportReport> asked;
        try (DirectoryRequests requests = of(stores, (request, held, progress) -> {
            replaceLock();
            return new ExportHandler().handle(request, held, progress);
        })) {
            asked = exported();
            ended.await();
        }
        // It has told what it had to tell.
        stores.releaseJson();
        Stores others = holding();
        try (DirectoryRequests next = of(others, new ExportHandler())) {
            assertThat(asked.get().collections()).hasSize(2);
        } finally {
            others.releaseJson();
        }
    }

    /** It may stand in the journal that the next holder has read. */
    @Test
    void whatMayHaveBeenDoneWhenTheDirectoryWasLostIsToldAndNotDoneAgain() throws Exception {
        try (DirectoryRequests requests = of(stores, (request, held, progress) -> {
            replaceLock();
            throw new UnknownOutcomeException("taken over while it was written", null);
        })) {
            CompletableFuture<ExportReport> asked = exported();
            assertThatThrownBy(asked::get).hasMessageContaining("taken over while it was written");
        }
    }

    /** The service's own end is no reason to leave it to others. */
    @Test
    void whatFailsForAnotherReasonIsToldAlsoByAHolderThatCloses() throws Exception {
        CompletableFuture<ExportReport> asked;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (DirectoryRequests requests = of(stores, (request, held, progress) -> {
            begun.countDown();
            awaitUninterruptibly(goOn);
            throw new StoreUnavailableException(Store.POSTGRESQL, "PostgreSQL does not answer", null);
        })) {
            asked = exported();
            begun.await();
            Thread closing = new Thread(requests::close);
            closing.start();
            await().atMost(SOON).until(() -> isWaiting(closing)); // for what is under way
            goOn.countDown();
            closing.join();
        }
        assertThatThrownBy(asked::get)
                .hasCauseInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("PostgreSQL does not answer");
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
