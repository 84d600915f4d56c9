package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.report.Report;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.request.RequestWork;
import dev.switchover.dualwrite.verify.VerificationReport;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    @TempDir
    Path directory;

    private HeldDirectory directoryHeld;
    private Stores stores;
    private Configuration configuration;
    private PostgresStore postgres;
    private ServingStorage serving;
    private Inspection inspection;
    private CollectionSchema<?, ?> notes;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void holdADirectory() {
        directoryHeld = new HeldDirectory(directory);
        configuration = directoryHeld.configuration;
        postgres = directoryHeld.postgres;
        stores = directoryHeld.stores;
        serving = directoryHeld.serving(stores);
        inspection = new Inspection(configuration, new OpenSights(configuration, stores, null), postgres);
        notes = configuration.schemas().get(1);
    }

    @AfterEach
    void letGo() {
        directoryHeld.close();
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

    private void tell(String doing) {
        told.add(doing);
    }

    @Test
    void whatWaitsWhileTheDirectoryIsLetGoOfIsLeftToTheNextHolder() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> did = new CopyOnWriteArrayList<>();
        RequestHandlers handlers = VerifyRequests.handlers(
                        RequestHandlers.NONE.with("other", (request, held, progress) -> {
                            begun.countDown();
                            HeldDirectory.awaitUninterruptibly(goOn);
                            return "done";
                        }),
                        inspection)
                .telling(did::add);
        DirectoryRequests asker = DirectoryRequests.beside(configuration, postgres, RequestHandlers.NONE);
        try (DirectoryRequests requests = DirectoryRequests.of(configuration, serving, handlers)) {
            requests.start();
            CompletableFuture<String> underWay = CompletableFuture.supplyAsync(
                    () -> asker.askHolder("other", Map.of(), HeldDirectory.SOON, RequestProgress.NONE));
            begun.await();
            CountDownLatch waiting = new CountDownLatch(1);
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> asker.askHolder(
                    VerifyRequests.KIND,
                    VerifyRequests.arguments(notes, false),
                    HeldDirectory.SOON,
                    (done, total, doing) -> waiting.countDown()));
            waiting.await();
            stores.releaseJson();
            goOn.countDown();
            assertThat(underWay.get()).isEqualTo("done");
            Stores others = directoryHeld.holding();
            try (DirectoryRequests next = DirectoryRequests.of(
                    configuration,
                    directoryHeld.serving(others),
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
        directoryHeld.replaceLock();
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
                        directoryHeld.replaceLock();
                    }
                    tell(doing);
                }))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("another process has taken over the directory");
        assertThat(told).isNotEmpty();
        assertThat(inspection.reports(Report.VERIFY, notes, 10)).hasSize(kept);
    }
}
