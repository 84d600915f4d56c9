package dev.switchover.dualwrite.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StorageClosedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestDeskTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Held hold() {
        Held held = new Held(directory);
        open.add(held);
        return held;
    }

    private RequestDesk.Alone alone() {
        return new Held(directory);
    }

    private RequestWatch watch(Held held, RequestHandlers handlers) {
        RequestWatch watch = new RequestWatch(
                directory, () -> held, new RequestWork(handlers), Clock.systemUTC(), Duration.ofSeconds(5));
        open.add(watch);
        watch.start();
        return watch;
    }

    private RequestDesk desk(RequestHandlers handlers) {
        return new RequestDesk(directory, new RequestWork(handlers), Clock.systemUTC());
    }

    private String ask(RequestDesk desk, Map<String, String> arguments, RequestProgress progress) {
        return desk.ask("count", arguments, LONG, this::alone, progress);
    }

    private Stream<Path> files() throws IOException {
        Path requests = directory.resolve(".switchover/requests");
        return Files.isDirectory(requests) ? Files.list(requests) : Stream.of();
    }

    private List<Path> standing() {
        try (Stream<Path> files = files()) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutAHolderTheAskerTakesTheLockAndDoesItItself() throws IOException {
        RequestHandlers handlers = RequestHandlers.NONE.with(
                "count",
                (request, storage, progress) ->
                        request.arguments().get("of") + " on " + storage.json().store());
        assertThat(ask(desk(handlers), Map.of("of", "notes"), RequestProgress.NONE))
                .isEqualTo("notes on JSON");
        hold(); // it has let go of the lock
        assertThat(files()).isEmpty();
    }

    @Test
    void theHolderDoesItAndTellsHowFarItIs() throws IOException {
        Held held = hold();
        watch(held, RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            assertThat(storage).isSameAs(held);
            // The asker looks now and then, so it has to hear of one before the next is told.
            await().atMost(LONG).until(() -> heard.contains("0 of 0 waiting for its turn"));
            progress.at(3, OptionalLong.of(7), "counting notes");
            await().atMost(LONG).until(() -> heard.contains("3 of 7 counting notes"));
            return "{\"counted\": 7}";
        }));
        String result = ask(
                desk(RequestHandlers.NONE),
                Map.of(),
                (done, total, doing) -> heard.add(done + " of " + total.orElse(0) + " " + doing));
        assertThat(result).isEqualTo("{\"counted\": 7}");
        assertThat(heard).containsSubsequence("0 of 0 waiting for its turn", "3 of 7 counting notes");
        assertThat(files()).isEmpty();
    }

    @Test
    void whatOnlyAHolderIsAskedForIsNeverDoneByTheAsker() throws Exception {
        RequestHandlers here = RequestHandlers.NONE.with("count", (request, storage, progress) -> "here");
        assertThatThrownBy(() -> desk(here).askHolder("count", Map.of(), LONG, RequestProgress.NONE))
                .hasMessageContaining("No process seems to hold " + directory)
                .satisfies(RequestDeskTest::isUnanswered);
        Held held = hold();
        watch(held, RequestHandlers.NONE.with("count", (request, storage, progress) -> "there"));
        assertThat(desk(here).askHolder("count", Map.of(), LONG, RequestProgress.NONE))
                .isEqualTo("there");
        closeAll(); // the file that names the holder stays, as it does when a service lets go of its directory
        open.clear();
        RequestDesk impatient =
                new RequestDesk(directory, new RequestWork(here), Clock.systemUTC(), Duration.ofMillis(1_200));
        assertThatThrownBy(() -> impatient.askHolder("count", Map.of(), LONG, RequestProgress.NONE))
                .hasMessageContaining(
                        "It seems to be process " + ProcessHandle.current().pid())
                .satisfies(RequestDeskTest::isUnanswered);
        assertThat(files()).isEmpty();
    }

    private static void isUnanswered(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        RequestFailedException.class,
                        failed -> assertThat(failed.isUnanswered()).isTrue());
    }

    private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

    @Test
    void whatTheHolderCannotDoIsToldToTheAsker() throws IOException {
        watch(hold(), RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            throw new RequestFailedException("count", "there is nothing to count; add a note");
        }));
        RequestDesk desk = desk(RequestHandlers.NONE);
        assertThatThrownBy(() -> ask(desk, Map.of(), RequestProgress.NONE))
                .isInstanceOf(RequestFailedException.class)
                .hasMessage("there is nothing to count; add a note");
        assertThatThrownBy(() -> desk.ask("other", Map.of(), LONG, this::alone, RequestProgress.NONE))
                .hasMessageContaining("\"other\"")
                .hasMessageContaining("only count");
        assertThat(files()).isEmpty();
    }

    @SuppressWarnings("NullAway") // What a handler must not give back.
    private static String nothing() {
        return null;
    }

    @Test
    void aMistakeInAHandlerIsAnsweredAndEndsNobody() {
        AtomicInteger calls = new AtomicInteger();
        watch(hold(), RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("a value that must not leave");
            }
            if (calls.get() == 2) {
                throw new OutOfMemoryError("as if");
            }
            return calls.get() == 3 ? nothing() : "fine";
        }));
        RequestDesk desk = desk(RequestHandlers.NONE);
        assertThatThrownBy(() -> ask(desk, Map.of(), RequestProgress.NONE))
                .hasMessageContaining("IllegalStateException")
                .hasMessageNotContaining("must not leave");
        assertThatThrownBy(() -> desk.ask("count", Map.of(), Duration.ofSeconds(5), this::alone, RequestProgress.NONE))
                .hasMessageContaining("OutOfMemoryError");
        assertThatThrownBy(() -> desk.ask("count", Map.of(), Duration.ofSeconds(5), this::alone, RequestProgress.NONE))
                .as("of which no answer can be made")
                .hasMessageContaining("NullPointerException");
        assertThat(ask(desk, Map.of(), RequestProgress.NONE)).isEqualTo("fine");
    }

    @Test
    void aHolderThatDiesLeavesItToTheNextOne() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch die = new CountDownLatch(1);
        Held first = hold();
        RequestWatch dying = watch(first, RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            begun.countDown();
            try {
                die.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new StorageClosedException();
        }));
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() ->
                desk(RequestHandlers.NONE).ask("count", Map.of(), LONG, this::nobodyMayTakeIt, RequestProgress.NONE));
        begun.await();
        die.countDown();
        dying.close();
        first.close();
        watch(hold(), RequestHandlers.NONE.with("count", (request, storage, progress) -> "by the next"));
        assertThat(asked.get()).isEqualTo("by the next");
    }

    /** An asker that never gets the lock, for somebody else is faster. */
    private RequestDesk.Alone nobodyMayTakeIt() {
        try (JsonStore other = JsonStore.open(JsonSettings.of(directory), Held.SCHEMAS)) {
            JsonStore.open(JsonSettings.of(directory), Held.SCHEMAS).close();
            throw new AssertionError("two have the lock");
        }
    }

    @Test
    void aHolderThatDiesAndHasNoSuccessorIsSucceededByTheAsker() throws Exception {
        Held silent = hold();
        CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> ask(
                desk(RequestHandlers.NONE.with(
                        "count", (request, storage, progress) -> "by the asker beside " + standing())),
                Map.of(),
                RequestProgress.NONE));
        await().atMost(LONG).until(() -> files().count() == 1);
        silent.close();
        assertThat(asked.get())
                .as("if it is killed meanwhile, the next holder must not do it again")
                .isEqualTo("by the asker beside []");
    }

    @Test
    void aHolderThatNeverAnswersIsNamed() {
        hold();
        RequestDesk desk = new RequestDesk(
                directory, new RequestWork(RequestHandlers.NONE), Clock.systemUTC(), Duration.ofMillis(300));
        assertThatThrownBy(() -> ask(desk, Map.of(), RequestProgress.NONE))
                .isInstanceOf(RequestFailedException.class)
                .hasMessageContaining("does not answer requests");
    }

    /** Of the one that has begun and of the one behind it the asker hears the same, which is true of both. */
    @Test
    void whoLosesPatienceIsToldWhatBecomesOfIt() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        watch(hold(), RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            calls.incrementAndGet();
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "fine";
        }));
        RequestDesk desk = desk(RequestHandlers.NONE);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> desk.askHolder("count", Map.of(), Duration.ofSeconds(3), RequestProgress.NONE));
        begun.await();
        assertThatThrownBy(() -> desk.askHolder("count", Map.of(), Duration.ofSeconds(1), RequestProgress.NONE))
                .satisfies(RequestDeskTest::isUnanswered)
                .hasMessageContaining("not ended within 1 s. If it has begun, it goes on; otherwise it will not begin.")
                .hasMessageContaining(" Last heard: ");
        assertThatThrownBy(first::get).hasMessageContaining("If it has begun, it goes on");
        goOn.countDown();
        assertThat(ask(desk, Map.of(), RequestProgress.NONE)).isEqualTo("fine");
        assertThat(calls).as("the one in the middle was not begun").hasValue(2);
    }

    @Test
    void aRequestIsCarriedOutOnceThoughItStandsForLong() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        watch(hold(), RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            calls.incrementAndGet();
            return "once";
        }));
        RequestFolder folder = new RequestFolder(directory);
        Request request = Request.of("count", Map.of(), Instant.now(), LONG);
        folder.write(request);
        await().atMost(LONG)
                .until(() -> folder.answer(request.id()).filter(Answer::isFinal).isPresent());
        // Another one behind it shows that the watch has looked again.
        assertThat(ask(desk(RequestHandlers.NONE), Map.of(), RequestProgress.NONE))
                .isEqualTo("once");
        assertThat(calls).hasValue(2);
        go.countDown();
    }

    @Test
    void aRequestOfAnAskerThatGaveUpIsNotBegun() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RequestFolder folder = new RequestFolder(directory);
        Held held = hold();
        folder.write(Request.of("count", Map.of(), Instant.now().minusSeconds(60), Duration.ofSeconds(1)));
        watch(held, RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            calls.incrementAndGet();
            return "";
        }));
        await().atMost(LONG).until(() -> files().findAny().isEmpty());
        assertThat(calls).hasValue(0);
    }

    @Test
    void requestsAndAnswersAreForTheirOwnerOnlyAndFollowNoLink() throws Exception {
        hold();
        RequestFolder folder = new RequestFolder(directory);
        Request request = Request.of("count", Map.of("of", "notes"), Instant.now(), LONG);
        folder.write(request);
        assertThat(folder.requests(RequestDeskTest::isRead)).containsExactly(request);
        Path file = files().findFirst().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");

        Path planted = Files.writeString(directory.resolve("planted"), Files.readString(file));
        Files.delete(file);
        Files.createSymbolicLink(file, planted);
        List<Path> unreadable = new ArrayList<>();
        assertThat(folder.requests((path, why) -> unreadable.add(path))).isEmpty();
        assertThat(unreadable).containsExactly(file);
    }

    private static void isRead(Path file, IOException why) {
        throw new AssertionError(file + " cannot be read", why);
    }

    @Test
    void whatIsNoRequestIsLeftAlone() throws Exception {
        hold();
        RequestFolder folder = new RequestFolder(directory);
        folder.write(Request.of("count", Map.of(), Instant.now(), LONG));
        Path file = files().findFirst().orElseThrow();
        for (String text : List.of("", "{", "null", "[]", "{\"id\": \"../../x\"}", "{\"id\": \"x\", \"expires\": 7}")) {
            Files.writeString(file, text);
            assertThat(folder.requests(RequestDeskTest::isRead)).as(text).isEmpty();
        }
    }
}
