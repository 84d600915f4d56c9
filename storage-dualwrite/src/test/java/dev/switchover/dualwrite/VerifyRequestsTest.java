package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.request.RequestWork;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service's side of a verification that it was asked for, when it has its directory no longer. */
@Timeout(120)
class VerifyRequestsTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private TestDatabase database;
    private Stores stores;
    private Configuration configuration;
    private PostgresStore postgres;
    private ServingStorage serving;
    private Inspection inspection;
    private CollectionSchema<?, ?> notes;
    private final List<String> told = new ArrayList<>();

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
        stores = new Stores(configuration.json(), configuration.schemas(), postgres, true);
        stores.holdJson();
        serving = new ServingStorage(configuration, List.of(), stores, new Mirrors());
        inspection = new Inspection(configuration, new OpenSights(configuration, stores, null), postgres);
        notes = configuration.schemas().get(1);
    }

    @AfterEach
    void letGo() {
        stores.close();
        database.close();
    }

    /** The service when it took the request up, before its turn. */
    private HeldStorage taken() {
        HeldStorage held = serving.whileHeld();
        assertThat(held).isNotNull();
        return held;
    }

    private VerificationReport verified(HeldStorage held, boolean quick, RequestProgress progress) {
        Request request = Request.of(
                VerifyRequests.KIND, VerifyRequests.arguments(notes, quick), Instant.now(), Duration.ofMinutes(1));
        RequestWork work = new RequestWork(VerifyRequests.handlers(RequestHandlers.NONE, inspection));
        return VerificationReport.fromJson(work.run(request, held, progress));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void tell(String doing) {
        told.add(doing);
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
    void whatWaitsWhileTheDirectoryIsLetGoOfIsLeftToTheNextHolder() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> did = new CopyOnWriteArrayList<>();
        RequestHandlers handlers = VerifyRequests.handlers(
                        RequestHandlers.NONE.with("other", (request, held, progress) -> {
                            begun.countDown();
                            awaitUninterruptibly(goOn);
                            return "done";
                        }),
                        inspection)
                .telling(did::add);
        DirectoryRequests asker = DirectoryRequests.beside(configuration, postgres, RequestHandlers.NONE);
        try (DirectoryRequests requests = DirectoryRequests.of(configuration, serving, handlers)) {
            requests.start();
            CompletableFuture<String> underWay =
                    CompletableFuture.supplyAsync(() -> asker.askHolder("other", Map.of(), SOON, RequestProgress.NONE));
            begun.await();
            CountDownLatch waiting = new CountDownLatch(1);
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> asker.askHolder(
                    VerifyRequests.KIND,
                    VerifyRequests.arguments(notes, false),
                    SOON,
                    (done, total, doing) -> waiting.countDown()));
            waiting.await();
            stores.releaseJson();
            goOn.countDown();
            assertThat(underWay.get()).isEqualTo("done");
            Stores others = new Stores(configuration.json(), configuration.schemas(), postgres, true);
            others.holdJson();
            try (DirectoryRequests next = DirectoryRequests.of(
                    configuration,
                    new ServingStorage(configuration, List.of(), others, new Mirrors()),
                    VerifyRequests.handlers(
                            RequestHandlers.NONE,
                            new Inspection(configuration, new OpenSights(configuration, others, null), postgres)))) {
                next.start();
                assertThat(VerificationReport.fromJson(asked.get()).equal()).isEqualTo(1);
            } finally {
                others.releaseJson();
            }
            assertThat(did).containsExactly("other");
        }
    }

    /** As in DB_ONLY, or for a newcomer. Whoever read the file would say that it is damaged. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoLetGoOfTheDirectoryWhileTheRequestWaitedReadsNoFiles(boolean quick) throws IOException {
        HeldStorage held = taken();
        stores.releaseJson();
        Files.writeString(directory.resolve("notes.json"), "[{");
        assertThatThrownBy(() -> verified(held, quick, (done, total, doing) -> tell(doing)))
                .isInstanceOf(StorageClosedException.class);
        assertThat(told).isEmpty();
        assertThat(stores.heldJson()).as("nor takes it again").isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoLostTheDirectoryWhileTheRequestWaitedComparesNothing(boolean quick) {
        HeldStorage held = taken();
        replaceLock();
        assertThat(serving.whileHeld()).as("nothing more is taken up").isNull();
        assertThatThrownBy(() -> verified(held, quick, (done, total, doing) -> tell(doing)))
                .isInstanceOf(StorageClosedException.class);
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoLosesTheDirectoryWhileComparingDoesNotAnswer(boolean quick) {
        HeldStorage held = taken();
        assertThat(verified(held, quick, RequestProgress.NONE).equal()).isEqualTo(1);
        int kept = quick ? 0 : 1;
        assertThat(inspection.reports(Report.VERIFY, notes, 10)).hasSize(kept);
        assertThatThrownBy(() -> verified(held, quick, (done, total, doing) -> {
                    if (told.isEmpty()) {
                        replaceLock();
                    }
                    tell(doing);
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("another process has taken over the directory");
        assertThat(told).isNotEmpty();
        assertThat(inspection.reports(Report.VERIFY, notes, 10)).hasSize(kept);
    }
}
