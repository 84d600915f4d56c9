package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WrittenQueueTest {

    private static final long REST = Duration.ofSeconds(30).toNanos();

    private final WrittenQueue queue = new WrittenQueue(10, Pace.REAL);
    private final List<Written> written = new MemoryPair(Store.POSTGRESQL).save(1, "note");
    private final AtomicReference<Thread> workerThread = new AtomicReference<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "worker");
        workerThread.set(thread);
        return thread;
    });
    private final ExecutorService writers = Executors.newCachedThreadPool();
    private final List<String> turns = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        worker.shutdownNow();
        writers.shutdownNow();
    }

    private boolean finish(List<Ticket> tickets) {
        turns.add(Thread.currentThread().getName());
        tickets.forEach(Ticket::finish);
        return true;
    }

    private Future<List<Ticket>> rest() {
        Future<List<Ticket>> taken = worker.submit(() -> queue.take(REST, 100, 1_000));
        awaitWorkerWaits();
        return taken;
    }

    private void awaitWorkerWaits() {
        await().until(() -> {
            Thread thread = workerThread.get();
            return thread != null
                    && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        });
    }

    private static <T> T get(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aWriterTakesTheTurnOfAWorkerThatRests() throws Exception {
        queue.open(this::finish);
        Future<List<Ticket>> taken = rest();

        Ticket ticket = queue.offer(written);

        assertThat(ticket).isNotNull();
        assertThat(ticket.await(Duration.ZERO)).isTrue();
        assertThat(turns).containsExactly(Thread.currentThread().getName());
        assertThat(taken).isNotDone();
        queue.wake();
        assertThat(get(taken)).isEmpty();
    }

    @Test
    void noTurnIsTakenBesideAWorkerThatWorks() {
        queue.open(this::finish);
        Ticket ticket = queue.offer(written);
        assertThat(turns).isEmpty();
        assertThat(queue.take(0, 100, 1_000)).containsExactly(ticket);
    }

    @Test
    void noTurnIsTakenInACrowd() throws Exception {
        queue.open(this::finish);
        queue.offer(written);
        queue.offer(written);
        assertThat(queue.take(0, 100, 1_000)).hasSize(2);

        Future<List<Ticket>> taken = rest();
        queue.offer(written);
        assertThat(get(taken)).as("one came, so it is none any more").hasSize(1);
        assertThat(turns).isEmpty();

        Future<List<Ticket>> again = rest();
        queue.offer(written);
        assertThat(turns).hasSize(1);
        queue.wake();
        assertThat(get(again)).isEmpty();
    }

    @Test
    void whatWasCommittedTogetherIsOneTurnAlsoInACrowd() throws Exception {
        queue.open(this::finish);
        queue.offer(written);
        queue.offer(written);
        assertThat(queue.take(0, 100, 1_000)).hasSize(2);
        Future<List<Ticket>> taken = rest();

        List<Written> other = new MemoryPair(Store.POSTGRESQL).save(2, "note");
        queue.offerTogether(List.of(written.get(0), other.get(0)));

        assertThat(turns).hasSize(1);
        assertThat(queue.offer(other)).isNotNull().matches(ticket -> ticket.await(Duration.ZERO));
        assertThat(queue.offer(written)).isNotNull().matches(ticket -> ticket.await(Duration.ZERO));
        assertThat(turns).as("nothing is left to do for them").hasSize(1);
        queue.wake();
        assertThat(get(taken)).isEmpty();
    }

    @Test
    void whatWasCommittedTogetherIsTheWorkersWhereItWorks() {
        queue.open(this::finish);
        List<Written> other = new MemoryPair(Store.POSTGRESQL).save(2, "note");
        queue.offerTogether(List.of(written.get(0), other.get(0)));
        Ticket second = queue.offer(other);
        Ticket first = queue.offer(written);
        assertThat(turns).isEmpty();
        assertThat(queue.take(0, 100, 1_000)).containsExactly(first, second);
        assertThat(queue.offer(other)).as("found once, and then it is another").isNotSameAs(second);
    }

    @Test
    void whatFindsNoRoomIsMissedAndItsWriterComesItself() {
        queue.open(this::finish);
        for (int i = 0; i < 10; i++) {
            queue.offer(written);
        }
        queue.offerTogether(written);
        assertThat(queue.takeMissed()).isTrue();
        assertThat(queue.take(0, 100, 1_000)).hasSize(10);
        assertThat(queue.offer(written)).isNotNull();
        assertThat(queue.take(0, 100, 1_000)).hasSize(1);
    }

    @Test
    void ofWritersWhoNeverComeNotMuchIsKept() {
        queue.open(this::finish);
        queue.offerTogether(written);
        List<Ticket> first = queue.take(0, 100, 1_000);
        for (int i = 0; i < 1_000; i++) {
            queue.offerTogether(List.copyOf(new MemoryPair(Store.POSTGRESQL).save(2, "note")));
            queue.take(0, 100, 1_000);
        }
        assertThat(queue.offer(written))
                .as("forgotten, so it is one more")
                .isNotNull()
                .isNotIn(first);
    }

    @Test
    void whatItsWriterDoesNotAskForIsForgotten() {
        queue.open(this::finish);
        queue.offerTogether(written);
        List<Ticket> first = queue.take(0, 100, 1_000);
        queue.forget(written.get(0));
        assertThat(queue.offer(written)).isNotNull().isNotIn(first);
    }

    @Test
    void noTurnIsTakenWhereNoneIsGiven() throws Exception {
        queue.open(null);
        Future<List<Ticket>> taken = rest();
        Ticket ticket = queue.offer(written);
        assertThat(get(taken)).containsExactly(ticket);
    }

    @Test
    void whatIsLeftByATurnIsTheWorkers() throws Exception {
        queue.open(tickets -> false);
        Future<List<Ticket>> taken = rest();
        Ticket ticket = queue.offer(written);
        assertThat(get(taken)).containsExactly(ticket);
    }

    @Test
    void aTurnThatBreaksIsTheWorkers() throws Exception {
        queue.open(tickets -> {
            throw new AssertionError("broken");
        });
        Future<List<Ticket>> taken = rest();
        Future<Ticket> offered = writers.submit(() -> queue.offer(written));
        assertThat(get(taken)).hasSize(1);
        assertThat(offered).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theWorkerWaitsForATurnAndASecondWriterTakesNone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        queue.open(tickets -> {
            begun.countDown();
            awaitQuietly(end);
            return finish(tickets);
        });
        Future<List<Ticket>> taken = rest();
        writers.submit(() -> queue.offer(written));
        begun.await();

        queue.wake();
        Ticket second = queue.offer(written);
        awaitWorkerWaits();

        assertThat(taken).isNotDone();
        assertThat(turns).isEmpty();
        end.countDown();
        assertThat(get(taken)).containsExactly(second);
        assertThat(turns).hasSize(1);
    }

    @Test
    void aTurnInTheMiddleOfARestThatEndsIsWaitedFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        queue.open(tickets -> {
            begun.countDown();
            awaitQuietly(end);
            return finish(tickets);
        });
        CompletableFuture<List<String>> seen = new CompletableFuture<>();
        worker.submit(() -> {
            queue.take(Duration.ofMillis(200).toNanos(), 100, 1_000);
            seen.complete(List.copyOf(turns));
        });
        awaitWorkerWaits();
        writers.submit(() -> queue.offer(written));
        begun.await();
        await().until(() -> workerThread.get().getState() == Thread.State.WAITING);
        assertThat(seen).isNotDone();
        end.countDown();
        assertThat(get(seen)).hasSize(1);
    }

    @Test
    void turnsGoOnBesideSlowWorkWhichEndsAfterThem() throws Exception {
        CountDownLatch inTurn = new CountDownLatch(1);
        CountDownLatch endOfTurn = new CountDownLatch(1);
        queue.open(tickets -> {
            inTurn.countDown();
            awaitQuietly(endOfTurn);
            return finish(tickets);
        });
        CountDownLatch slow = new CountDownLatch(1);
        Future<?> beside = worker.submit(() -> queue.beside(() -> awaitQuietly(slow)));
        awaitWorkerWaits();
        writers.submit(() -> queue.offer(written));
        inTurn.await();
        slow.countDown();
        awaitWorkerWaits();
        assertThat(beside).isNotDone();
        endOfTurn.countDown();
        get(beside);
        assertThat(turns).hasSize(1);

        Ticket later = queue.offer(written);
        assertThat(turns).as("the worker works again").hasSize(1);
        assertThat(queue.take(0, 100, 1_000)).containsExactly(later);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
