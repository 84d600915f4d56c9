package dev.switchover.dualwrite.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The holder hands the directory over while a request is under way. */
@Timeout(120)
class HandedOverRequestsTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final AtomicReference<@Nullable HeldStorage> whileHeld = new AtomicReference<>();
    private final AtomicReference<@Nullable Answer> atRelease = new AtomicReference<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RequestWork work;
    private Held held;
    private RequestFolder folder;
    private RequestWatch watch;

    @BeforeEach
    void beginARequest() {
        held = new Held(directory);
        whileHeld.set(held);
        folder = new RequestFolder(directory);
        work = new RequestWork(RequestHandlers.NONE.with("count", (request, storage, progress) -> {
            calls.incrementAndGet();
            begun.countDown();
            awaitUninterruptibly(goOn);
            return "counted";
        }));
        watch = new RequestWatch(directory, whileHeld::get, work, Clock.systemUTC(), LONG);
        watch.start();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        watch.close();
        held.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Request request() throws IOException {
        Request request = Request.of("count", Map.of(), Instant.now(), LONG);
        folder.write(request);
        return request;
    }

    /** The answer that a newcomer would find. */
    private void release(Request request) {
        try {
            atRelease.set(folder.answer(request.id()).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        whileHeld.set(null);
    }

    /** Waits for what is under way. */
    private Thread lettingGo(Request request) {
        Thread thread = new Thread(() -> watch.letGo(LONG, () -> release(request)));
        thread.start();
        await().atMost(SOON).until(() -> thread.getState() == Thread.State.TIMED_WAITING || atRelease.get() != null);
        return thread;
    }

    @Test
    void whatIsUnderWayIsAnsweredBeforeTheDirectoryIsLetGoOf() throws Exception {
        Request request = request();
        begun.await();
        Thread lettingGo = lettingGo(request);
        goOn.countDown();
        lettingGo.join();
        assertThat(atRelease.get())
                .extracting(Answer::state, Answer::result)
                .containsExactly(Answer.State.DONE, "counted");
    }

    @Test
    void whatWaitsForItsTurnIsLeftToTheNewcomer() throws Exception {
        Request first = request();
        begun.await();
        Request second = request();
        await().atMost(SOON).until(() -> folder.answer(second.id()).isPresent());
        Thread lettingGo = lettingGo(first);
        goOn.countDown();
        lettingGo.join();
        watch.close(); // behind all that was taken up
        assertThat(calls).hasValue(1);
        assertThat(folder.answer(second.id())).get().matches(answer -> !answer.isFinal());
    }

    @Test
    void whatTheServiceItselfWantsMeanwhileIsNotBegunWithoutTheDirectory() throws Exception {
        Request first = request();
        begun.await();
        Thread lettingGo = lettingGo(first);
        Future<Optional<String>> own = ownWaiting();
        goOn.countDown();
        lettingGo.join();
        assertThat(own.get()).isEmpty();
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatTheServiceItselfWantedBeforeIsNotBegunWhileTheDirectoryIsLetGoOf() throws Exception {
        Request first = request();
        begun.await();
        Future<Optional<String>> own = ownWaiting();
        Thread lettingGo = lettingGo(first);
        goOn.countDown();
        lettingGo.join();
        assertThat(own.get()).isEmpty();
        assertThat(calls).hasValue(1);
    }

    /** What the service itself asks for, when it waits for its turn. */
    private Future<Optional<String>> ownWaiting() {
        Request request = Request.of("count", Map.of(), Instant.now(), LONG);
        FutureTask<Optional<String>> own =
                new FutureTask<>(() -> work.runWhileHeld(request, this::toBegin, RequestProgress.NONE));
        Thread service = new Thread(own, "service");
        service.start();
        await().atMost(SOON).until(() -> service.getState() == Thread.State.WAITING);
        return own;
    }

    private @Nullable HeldStorage toBegin() {
        return watch.isLeaving() ? null : whileHeld.get();
    }

    /** Closing waits for long, the newcomer has no patience. */
    @Test
    void whatHasNotEndedIsAnsweredAsMaybeDoneAndStaysSo() throws Exception {
        Request request = request();
        begun.await();
        watch.letGo(Duration.ZERO, () -> release(request));
        assertThat(atRelease.get()).matches(answer -> answer.state() == Answer.State.FAILED);
        assertThat(atRelease.get().message()).contains("may have been done");
        goOn.countDown();
        watch.close(); // it has told what it had to tell
        assertThat(folder.answer(request.id())).contains(atRelease.get());
    }

    @Test
    void whoHasTheDirectoryAgainTakesRequestsUpAgain() throws Exception {
        goOn.countDown();
        Request first = request();
        await().atMost(SOON)
                .until(() -> folder.answer(first.id()).filter(Answer::isFinal).isPresent());
        watch.letGo(LONG, () -> release(first));
        whileHeld.set(held);
        Request second = request();
        await().atMost(SOON)
                .until(() -> folder.answer(second.id()).filter(Answer::isFinal).isPresent());
        assertThat(calls).hasValue(2);
    }
}
