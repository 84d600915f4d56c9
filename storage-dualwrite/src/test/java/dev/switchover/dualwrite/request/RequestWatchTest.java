package dev.switchover.dualwrite.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StorageClosedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(120)
class RequestWatchTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.switchover.request");

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private Held held;
    private RequestFolder folder;

    @BeforeEach
    void hold() {
        log.start();
        LOG.addAppender(log);
        held = new Held(directory);
        open.add(held);
        folder = new RequestFolder(directory);
    }

    @AfterEach
    void closeAll() throws Exception {
        goOn.countDown();
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        LOG.detachAppender(log);
    }

    private RequestWatch watch(Supplier<@Nullable HeldStorage> whileHeld, RequestHandler handler) {
        return watch(whileHeld, handler, Clock.systemUTC());
    }

    private RequestWatch watch(Supplier<@Nullable HeldStorage> whileHeld, RequestHandler handler, Clock clock) {
        RequestWork work = new RequestWork(RequestHandlers.NONE.with("count", handler));
        RequestWatch watch = new RequestWatch(directory, whileHeld, work, clock, Duration.ofSeconds(5));
        open.add(watch);
        watch.start();
        return watch;
    }

    private Request request() throws IOException {
        Request request = Request.of("count", Map.of(), Instant.now(), LONG);
        folder.write(request);
        return request;
    }

    private void awaitAnswer(Request request, Answer.State state) {
        await().atMost(LONG)
                .until(() -> folder.answer(request.id())
                        .filter(answer -> answer.state() == state)
                        .isPresent());
    }

    private Answer answer(Request request) throws IOException {
        return folder.answer(request.id()).orElseThrow();
    }

    /** Begins, waits to be let go on, and has done it. */
    private String slowly(String result) {
        calls.incrementAndGet();
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    @Test
    void whoLostTheDirectoryLeavesTheAnswerOfItsNextHolder() throws Exception {
        AtomicReference<@Nullable HeldStorage> first = new AtomicReference<>(held);
        RequestWatch loser = watch(first::get, (request, storage, progress) -> slowly("too late"));
        Request request = request();
        begun.await();
        awaitAnswer(request, Answer.State.ACCEPTED);
        first.set(null);
        watch(() -> held, (next, storage, progress) -> "by the next");
        awaitAnswer(request, Answer.State.DONE);
        goOn.countDown();
        loser.close(); // it tells what is to be told before it has closed
        assertThat(answer(request).result()).isEqualTo("by the next");
    }

    @Test
    void whoLostTheDirectoryDoesNotAnswerWhatItsNextHolderIsAt() throws Exception {
        AtomicReference<@Nullable HeldStorage> first = new AtomicReference<>(held);
        CountDownLatch goOnFirst = new CountDownLatch(1);
        RequestWatch loser = watch(first::get, (request, storage, progress) -> {
            begun.countDown();
            try {
                goOnFirst.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new RequestFailedException("count", "the directory has gone");
        });
        Request request = request();
        begun.await();
        first.set(null);
        watch(() -> held, (next, storage, progress) -> {
            progress.at(1, OptionalLong.empty(), "counting");
            return slowly("by the next");
        });
        awaitAnswer(request, Answer.State.RUNNING);
        goOnFirst.countDown();
        loser.close();
        assertThat(answer(request).state()).isEqualTo(Answer.State.RUNNING);
        goOn.countDown();
        awaitAnswer(request, Answer.State.DONE);
        assertThat(answer(request).result()).isEqualTo("by the next");
    }

    @Test
    void whatHasEndedIsToldAgainNotDoneAgainIfALateAnswerCoversIt() throws Exception {
        watch(() -> held, (request, storage, progress) -> "no. " + calls.incrementAndGet());
        Request request = request();
        awaitAnswer(request, Answer.State.DONE);
        // Of a process that had looked before, and writes now.
        folder.write(
                request.id(),
                new Answer("another", Answer.State.RUNNING, 1, OptionalLong.empty(), "", "", Instant.now()));
        awaitAnswer(request, Answer.State.DONE);
        assertThat(answer(request).result()).isEqualTo("no. 1");
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatWasBrokenOffIsBegunAgainByTheSameProcessOnceItHasTheDirectoryAgain() throws Exception {
        AtomicReference<@Nullable HeldStorage> now = new AtomicReference<>(held);
        CountDownLatch missed = new CountDownLatch(1);
        Supplier<@Nullable HeldStorage> whileHeld = () -> {
            HeldStorage storage = now.get();
            if (storage == null && Thread.currentThread().getName().equals("switchover-request-work")) {
                missed.countDown();
            }
            return storage;
        };
        watch(whileHeld, (request, storage, progress) -> {
            if (begun.getCount() == 1) {
                slowly("");
                throw new StorageClosedException();
            }
            return "again";
        });
        Request underWay = request();
        begun.await();
        Request waiting = request();
        awaitAnswer(waiting, Answer.State.ACCEPTED);
        now.set(null);
        goOn.countDown();
        missed.await(); // by the one that waited
        now.set(held);
        awaitAnswer(underWay, Answer.State.DONE);
        awaitAnswer(waiting, Answer.State.DONE);
        assertThat(answer(underWay).result()).isEqualTo("again");
        assertThat(answer(waiting).result()).isEqualTo("again");
    }

    private List<String> said() {
        synchronized (log) { // as it is by whoever appends
            return log.list.stream()
                    .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                    .toList();
        }
    }

    /** Done one after the other: that many looks at least. */
    private void awaitLooks(int looks) throws IOException {
        for (int i = 0; i < looks; i++) {
            Request request = request();
            awaitAnswer(request, Answer.State.DONE);
            folder.remove(request.id());
        }
    }

    @Test
    void whatCannotBeReadKeepsNoOtherRequestAndIsToldOnce() throws Exception {
        Files.createDirectory(folder.path());
        Path unreadable = folder.path().resolve("folder.request.json");
        Files.createDirectory(unreadable);
        Path round = folder.path().resolve("round.request.json");
        Files.createSymbolicLink(round, round);
        Path pipe = folder.path().resolve("pipe.request.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.write(folder.path().resolve("long.request.json"), new byte[100_000]);
        watch(() -> held, (request, storage, progress) -> "fine");
        awaitLooks(3);
        for (Path file : List.of(unreadable, round, pipe)) {
            assertThat(said())
                    .filteredOn(line -> line.contains(file.toString()))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("run what asks as that user");
        }
    }

    @Test
    void anAnswerThatCannotBeReadOrWrittenKeepsNoOtherRequest() throws Exception {
        Request stuck = Request.of("count", Map.of(), Instant.now(), LONG);
        Files.createDirectory(folder.path());
        Path inItsPlace = Files.createDirectory(folder.path().resolve(stuck.id() + ".answer.json"));
        folder.write(stuck);
        watch(() -> held, (request, storage, progress) -> "fine");
        awaitLooks(3);
        assertThat(said())
                .filteredOn(line -> line.contains(inItsPlace.toString()))
                .singleElement()
                .asString()
                .startsWith("WARN");
        Files.delete(inItsPlace);
        awaitAnswer(stuck, Answer.State.DONE);
    }

    @Test
    void theLookingThreadSurvivesWhatNobodyExpected() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        watch(
                () -> switch (looks.incrementAndGet()) {
                    case 1 -> throw new DirectoryIteratorException(new IOException("as if a disk failed"));
                    case 2 -> throw new IllegalStateException("a value that must not leave");
                    case 3 -> throw new OutOfMemoryError("as if");
                    default -> held;
                },
                (request, storage, progress) -> "fine");
        awaitLooks(1);
        assertThat(said())
                .hasSize(3)
                .allMatch(line -> line.contains(folder.path().toString()));
        assertThat(said().get(0)).startsWith("WARN").contains("as if a disk failed");
    }

    @Test
    void aRequestWithoutAnEndKeepsNoOther() throws Exception {
        Request endless = new Request("endless", "count", Map.of(), 1, "somewhere", Instant.MAX);
        folder.write(endless);
        watch(() -> held, (request, storage, progress) -> "fine");
        awaitAnswer(endless, Answer.State.DONE);
        awaitLooks(2);
        assertThat(said()).isEmpty();
    }

    @Test
    void aResultThatIsTooLongForAnAnswerIsToldAsSuch() throws Exception {
        watch(() -> held, (request, storage, progress) -> "\"" + "x".repeat(3 << 20) + "\"");
        RequestDesk desk = new RequestDesk(
                directory, new RequestWork(RequestHandlers.NONE), Clock.systemUTC(), Duration.ofSeconds(5));
        assertThatThrownBy(() -> desk.askHolder("count", Map.of(), LONG, RequestProgress.NONE))
                .isInstanceOf(RequestFailedException.class)
                .hasMessageContaining("too long for an answer")
                .hasMessageContaining("Ask for less");
    }

    @Test
    void whatItsAskerTookBackIsNotBegun() throws Exception {
        watch(() -> held, (request, storage, progress) -> slowly("fine"));
        Request first = request();
        begun.await();
        Request second = request();
        awaitAnswer(second, Answer.State.ACCEPTED);
        folder.remove(second.id());
        goOn.countDown();
        awaitAnswer(first, Answer.State.DONE);
        awaitLooks(1); // it was behind the second one
        assertThat(calls).hasValue(2);
    }

    @Test
    void whatHasExpiredWhileItWaitedIsNotBegun() throws Exception {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        watch(() -> held, (request, storage, progress) -> slowly("fine"), new Ahead(ahead::get));
        Request first = request();
        begun.await();
        Request second = request();
        awaitAnswer(second, Answer.State.ACCEPTED);
        ahead.set(LONG.plusSeconds(1));
        goOn.countDown();
        awaitAnswer(first, Answer.State.DONE);
        await().atMost(LONG).until(() -> !folder.stands(second.id())); // nobody waits for it any more
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatAnotherHolderHasDoneMeanwhileIsNotBegun() throws Exception {
        watch(() -> held, (request, storage, progress) -> slowly("fine"));
        request();
        begun.await();
        Request second = request();
        awaitAnswer(second, Answer.State.ACCEPTED);
        folder.write(
                second.id(),
                new Answer("another", Answer.State.DONE, 0, OptionalLong.empty(), "", "by another", Instant.now()));
        goOn.countDown();
        awaitLooks(1); // it was behind the second one
        assertThat(calls).hasValue(2);
        assertThat(answer(second).result()).isEqualTo("by another");
    }

    @Test
    void whatWaitsBehindWorkOfTheServiceItselfIsNotBegunOnceItsAskerTookItBack() throws Exception {
        RequestWork work =
                new RequestWork(RequestHandlers.NONE.with("count", (request, storage, progress) -> slowly("fine")));
        Request own = Request.of("count", Map.of(), Instant.now(), LONG);
        Thread service = new Thread(() -> work.run(own, held, RequestProgress.NONE));
        service.start();
        begun.await();
        RequestWatch watch = new RequestWatch(directory, () -> held, work, Clock.systemUTC(), Duration.ofSeconds(5));
        open.add(watch);
        watch.start();
        Request behind = request();
        awaitAnswer(behind, Answer.State.ACCEPTED);
        await().atMost(LONG).until(RequestWatchTest::isWaitingForTheServicesOwnWork);
        folder.remove(behind.id());
        goOn.countDown();
        service.join();
        awaitLooks(1);
        assertThat(calls).hasValue(2);
    }

    private static boolean isWaitingForTheServicesOwnWork() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("switchover-request-work"))
                .filter(entry -> entry.getKey().getState() == Thread.State.WAITING)
                .flatMap(entry -> Arrays.stream(entry.getValue()))
                .anyMatch(frame -> frame.getClassName().equals(RequestWork.class.getName()));
    }

    @Test
    void noAnswerIsLeftToARequestThatIsTakenBackWhileItIsTakenUp() throws Exception {
        Request request = request();
        CountDownLatch takenBack = new CountDownLatch(1);
        Supplier<Duration> takingBack = () -> {
            if (takenBack.getCount() == 1) {
                try {
                    folder.remove(request.id());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                takenBack.countDown();
            }
            return Duration.ZERO;
        };
        watch(() -> held, (other, storage, progress) -> "fine", new Ahead(takingBack));
        takenBack.await();
        awaitLooks(1);
        assertThat(folder.answer(request.id())).isEmpty();
    }

    /** The system's clock, put forward. */
    private static final class Ahead extends Clock {

        private final Supplier<Duration> by;

        Ahead(Supplier<Duration> by) {
            this.by = by;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(by.get());
        }
    }
}
