package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.export.ExportReport;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.nio.file.Path;
import java.util.List;
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

    @TempDir
    Path directory;

    private final CountDownLatch ended = new CountDownLatch(1);
    private HeldDirectory held;

    @BeforeEach
    void holdADirectory() {
        held = new HeldDirectory(directory);
    }

    @AfterEach
    void letGo() {
        held.close();
    }

    private DirectoryRequests of(Stores stores, RequestHandler handler) {
        DirectoryRequests requests = DirectoryRequests.of(
                held.configuration,
                held.serving(stores),
                RequestHandlers.NONE.with(ExportHandler.KIND, handler).telling(kind -> ended.countDown()));
        requests.start();
        return requests;
    }

    private CompletableFuture<ExportReport> exported() {
        DirectoryRequests asker = DirectoryRequests.beside(held.configuration, held.postgres, RequestHandlers.NONE);
        return CompletableFuture.supplyAsync(() -> ExportReport.fromJson(asker.askHolder(
                ExportHandler.KIND, ExportHandler.arguments(List.of()), HeldDirectory.SOON, RequestProgress.NONE)));
    }

    @Test
    void whatFailsBecauseTheDirectoryIsLostMeanwhileIsBegunAgainByItsNextHolder() throws Exception {
        CompletableFuture<ExportReport> asked;
        try (DirectoryRequests requests = of(held.stores, (request, storage, progress) -> {
            held.replaceLock();
            return new ExportHandler().handle(request, storage, progress);
        })) {
            asked = exported();
            ended.await();
        }
        // It has told what it had to tell.
        held.stores.releaseJson();
        Stores others = held.holding();
        try (DirectoryRequests next = of(others, new ExportHandler())) {
            assertThat(asked.get().collections()).hasSize(2);
        } finally {
            others.releaseJson();
        }
    }

    /** It may stand in the journal that the next holder has read. */
    @Test
    void whatMayHaveBeenDoneWhenTheDirectoryWasLostIsToldAndNotDoneAgain() throws Exception {
        try (DirectoryRequests requests = of(held.stores, (request, storage, progress) -> {
            held.replaceLock();
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
        try (DirectoryRequests requests = of(held.stores, (request, storage, progress) -> {
            begun.countDown();
            HeldDirectory.awaitUninterruptibly(goOn);
            throw new StoreUnavailableException(Store.POSTGRESQL, "PostgreSQL does not answer", null);
        })) {
            asked = exported();
            begun.await();
            Thread closing = new Thread(requests::close);
            closing.start();
            await().atMost(HeldDirectory.SOON).until(() -> isWaiting(closing)); // for what is under way
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
}
