package dev.switchover.dualwrite.request;

import dev.switchover.storage.spi.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The holder's side: takes requests up while this process has the directory. One thread looks and answers, so that an asker hears
 * within a second that somebody is there; another one works. Thread-safe.
 */
public final class RequestWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.request");

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    /** So that whoever asked can tell work that takes long from a holder that hangs. */
    private static final Duration REPEAT_AFTER = Duration.ofSeconds(2);

    private static final Duration FORGET_AFTER = Duration.ofHours(1);

    private final RequestFolder folder;
    private final Supplier<@Nullable HeldStorage> held;
    private final RequestWork work;
    private final Clock clock;
    private final Duration closing;
    private final String self = UUID.randomUUID().toString();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread looking;
    private final Thread working;
    private final LinkedBlockingQueue<Optional<Task>> queue = new LinkedBlockingQueue<>();
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final Troubles troubles = new Troubles();
    private volatile boolean leaving;

    /** A request that this process has taken up. */
    private static final class Task {
        private final Request request;
        private volatile Answer latest;
        private volatile boolean ended;
        private @Nullable Answer told;
        private long toldAt;

        Task(Request request, Answer accepted) {
            this.request = request;
            this.latest = accepted;
        }
    }

    /**
     * @param held what this process holds, null while it does not have the directory
     * @param closing how long closing waits for work that is under way
     */
    public RequestWatch(
            Path directory, Supplier<@Nullable HeldStorage> held, RequestWork work, Clock clock, Duration closing) {
        this.folder = new RequestFolder(directory);
        this.held = held;
        this.work = work;
        this.clock = clock;
        this.closing = closing;
        this.looking = new Thread(this::look, "switchover-requests");
        this.working = new Thread(this::work, "switchover-request-work");
        looking.setDaemon(true);
        working.setDaemon(true);
    }

    public void start() {
        looking.start();
        working.start();
    }

    /** Nothing new is begun; waits, bounded, for what is under way. What has not ended then is begun again by the next holder. */
    @Override
    public void close() {
        closed.countDown();
        queue.add(Optional.empty()); // not an interrupt, which would close the files that are being written
        Threads.join(working, closing);
        Threads.join(looking, closing);
    }

    /**
     * Lets go of the directory for a newcomer. Nothing new is begun; what is under way is waited for, at most half the newcomer's
     * patience and no longer than closing waits, and answered first. If it has not ended then, its asker is told that it may have
     * been done, so that the newcomer does not do it again beside this process.
     *
     * @param patience how long the newcomer waits for the directory from now on
     * @param release lets go of the directory; runs on this thread, once
     */
    public void letGo(Duration patience, Runnable release) {
        Duration half = patience.dividedBy(2); // the other half is for mirrors to drain and the files to be closed
        Duration atMost = half.compareTo(closing) < 0 ? half : closing;
        leaving = true;
        try {
            work.underWay()
                    .ifPresent(request -> LOG.info(
                            "The directory is handed over when this has ended, or in {}: {}", atMost, request));
            if (!work.whenIdle(atMost, () -> tellAndRelease(release))) {
                work.underWay().ifPresent(this::tellUnended);
                tellAndRelease(release);
            }
        } finally {
            leaving = false;
        }
    }

    /**
     * Lets go of a directory that nobody waits for, unless a request is under way.
     *
     * @param release lets go of the directory; runs on this thread, at most once
     * @return false if a request is under way, and the directory was not let go of
     */
    public boolean letGoWhenIdle(Runnable release) {
        return work.whenIdle(Duration.ZERO, () -> tellAndRelease(release));
    }

    /** Whether nothing is begun because the directory is being handed over. */
    public boolean isLeaving() {
        return leaving;
    }

    /** What ended just now has not been told yet, and what this process says behind this does not count. */
    private void tellAndRelease(Runnable release) {
        tasks.values().stream().filter(task -> task.ended).forEach(task -> tellOrWarn(task.request, () -> tell(task)));
        release.run();
    }

    private void tellUnended(Request request) {
        tellOrWarn(request, () -> answer(request.id(), RequestWork.unended(request, self, clock)));
    }

    /** The directory is let go of nevertheless: whoever cannot answer here would hold the newcomer up for good. */
    private static void tellOrWarn(Request request, Step telling) {
        try {
            telling.run();
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("{} cannot be answered, and is begun again by the next holder: {}", request, e.toString());
        }
    }

    private void look() {
        try {
            boolean last;
            do {
                last = closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (last) {
                    Threads.join(working, closing);
                } else {
                    attempt(folder.path(), this::takeUp);
                }
                tasks.values().forEach(task -> attempt(task.request, () -> tell(task)));
                troubles.endLook();
            } while (!last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Whatever goes wrong is tried again at the next look, and keeps nothing else from it: nobody else looks. */
    private void attempt(Object what, Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | Error e) {
            troubles.tell(what, e);
        }
    }

    private void takeUp() throws IOException {
        if (held.get() != null) {
            folder.requests(troubles::tell).forEach(request -> attempt(request, () -> takeUp(request)));
        }
    }

    private void takeUp(Request request) throws IOException {
        String id = request.id();
        if (folder.answer(id).filter(Answer::isFinal).isPresent()) {
            forgetIfOld(request);
        } else if (!tasks.containsKey(id)) {
            if (clock.instant().isAfter(request.expires())) {
                folder.remove(id); // whoever asked has given up
            } else {
                accept(request);
            }
        }
    }

    private void forgetIfOld(Request request) throws IOException {
        if (clock.instant().minus(FORGET_AFTER).isAfter(request.expires())) {
            folder.remove(request.id());
        }
    }

    private void accept(Request request) throws IOException {
        Answer accepted = new Answer(
                self, Answer.State.ACCEPTED, 0, OptionalLong.empty(), "waiting for its turn", "", clock.instant());
        folder.write(request.id(), accepted);
        Task task = new Task(request, accepted);
        task.told = accepted;
        task.toldAt = System.nanoTime();
        tasks.put(request.id(), task);
        queue.add(Optional.of(task));
    }

    /**
     * What has ended is kept until the request has gone: then it is neither done again nor lost if the answer of a former holder,
     * who had looked before and wrote after, takes its place.
     */
    private synchronized void tell(Task task) throws IOException {
        String id = task.request.id();
        boolean ended = task.ended;
        Answer latest = task.latest;
        if (ended && (!latest.isFinal() || !folder.stands(id))) {
            tasks.remove(id); // broken off, to be taken up again by whoever has the directory; or taken back
        } else if (latest != task.told || System.nanoTime() - task.toldAt > REPEAT_AFTER.toNanos()) {
            answer(id, latest.isFinal() ? latest : latest.repeatedAt(clock.instant()));
            task.told = latest;
            task.toldAt = System.nanoTime();
        }
    }

    private synchronized void answer(String id, Answer answer) throws IOException {
        if (folder.stands(id) && mayAnswer(id)) {
            folder.write(id, answer);
        }
    }

    /** What has ended stays so. Of two that answer, the one that has the directory counts. */
    private boolean mayAnswer(String id) throws IOException {
        Optional<Answer> there = folder.answer(id);
        if (there.filter(Answer::isFinal).isPresent()) {
            return false;
        }
        boolean othersToo =
                there.filter(answer -> !answer.holder().equals(self)).isPresent();
        return !othersToo || held.get() != null;
    }

    private void work() {
        try {
            for (Optional<Task> next = queue.take(); next.isPresent(); next = queue.take()) {
                Task task = next.get();
                work.inTurn(task.request, () -> carryOut(task));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }

    private void carryOut(Task task) {
        try {
            Answer end = work.answer(
                    task.request,
                    () -> toBegin(task.request),
                    self,
                    clock,
                    (done, total, doing) -> task.latest =
                            new Answer(self, Answer.State.RUNNING, done, total, doing, "", clock.instant()));
            if (end != null) {
                task.latest = end;
            }
        } catch (RuntimeException | Error e) {
            // Of the answer, not of the work. The thread is to answer those behind it.
            task.latest = RequestWork.mistaken(task.request, self, clock, e);
        } finally {
            task.ended = true;
        }
    }

    /** Null if nobody waits for it any more, another holder has done it meanwhile, or it is left to whoever has the directory now. */
    private @Nullable HeldStorage toBegin(Request request) {
        try {
            boolean wanted = folder.stands(request.id())
                    && !clock.instant().isAfter(request.expires())
                    && folder.answer(request.id()).filter(Answer::isFinal).isEmpty();
            return wanted && !leaving && closed.getCount() > 0 ? held.get() : null;
        } catch (IOException e) {
            return null; // the other thread tells it, and takes it up again once it can be read
        }
    }
}
