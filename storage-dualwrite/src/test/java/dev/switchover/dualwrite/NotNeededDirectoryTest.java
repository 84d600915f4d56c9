package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.flags.FlagValue;
import dev.switchover.dualwrite.flags.PhaseChoice;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In {@code DB_ONLY} the directory is held as long as a start on stale reads waits for the database, and let go of then. */
@Timeout(120)
class NotNeededDirectoryTest {

    @TempDir
    Path directory;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private HeldDirectory held;
    private List<Route> routes;
    private RouteStart start;

    @BeforeEach
    void startWhileTheDatabaseIsAway() {
        held = new HeldDirectory(directory);
        PhaseChoice databaseOnly =
                new PhaseChoice(Phase.DB_ONLY, new FlagValue(true, "test"), new FlagValue(false, "test"));
        routes = held.configuration.schemas().stream()
                .map(schema -> new Route(schema, databaseOnly))
                .toList();
        start = new RouteStart(held.configuration, routes, held.stores, new Mirrors());
        start.startMirrors();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        start.close();
        held.close();
    }

    private DirectoryRequests requests() {
        RequestHandlers handlers = RequestHandlers.NONE.with(ExportHandler.KIND, (request, storage, progress) -> {
            begun.countDown();
            HeldDirectory.awaitUninterruptibly(goOn);
            storage.json().ping();
            return "done";
        });
        DirectoryRequests requests = DirectoryRequests.of(held.configuration, held.serving(held.stores), handlers);
        start.serves(requests);
        requests.start();
        return requests;
    }

    private CompletableFuture<String> asked() throws InterruptedException {
        DirectoryRequests asker = DirectoryRequests.beside(held.configuration, held.postgres, RequestHandlers.NONE);
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(
                () -> asker.askHolder(ExportHandler.KIND, Map.of(), HeldDirectory.SOON, RequestProgress.NONE));
        begun.await();
        return asked;
    }

    private void theDatabaseAnswers() {
        routes.forEach(start::start);
        assertThat(routes).allMatch(Route::serving);
    }

    @Test
    void whereNothingIsUnderWayItIsLetGoOfAtOnce() {
        try (DirectoryRequests requests = requests()) {
            theDatabaseAnswers();
            assertThat(start.holdsDirectory()).isFalse();
        }
    }

    @Test
    void itIsNotLetGoOfBeneathARequestButWhenThatHasEnded() throws Exception {
        try (DirectoryRequests requests = requests()) {
            CompletableFuture<String> asked = asked();
            theDatabaseAnswers();
            assertThat(start.holdsDirectory()).isTrue();
            goOn.countDown();
            assertThat(asked.get()).isEqualTo("done");
            await().atMost(HeldDirectory.SOON).until(() -> {
                start.answered();
                return !start.holdsDirectory();
            });
        }
    }
}
