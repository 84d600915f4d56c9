package dev.switchover.dualwrite.request;

import dev.switchover.json.DirectoryLockedException;
import dev.switchover.json.directory.Holder;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asker's side: has work on a directory done, by its holder if it has one, otherwise here, with the directory's lock, unless only a holder can do
 * it. Thread-safe.
 */
public final class RequestDesk {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.request");

    private static final long LOOK_EVERY = Duration.ofMillis(50).toNanos();
    private static final long TRY_LOCK_EVERY = Duration.ofMillis(500).toNanos();
    /** A holder looks five times a second and repeats its answer every two. */
    private static final Duration SILENT_AT_MOST = Duration.ofSeconds(20);
    /** Where nobody seems to be there. */
    private static final Duration UNSEEN_AT_MOST = Duration.ofSeconds(3);

    /** A directory this process takes for the time of one request. */
    public interface Alone extends HeldStorage, AutoCloseable {
        @Override
        void close();
    }

    private final Path directory;
    private final RequestFolder folder;
    private final RequestWork work;
    private final Clock clock;
    private final Duration silence;

    public RequestDesk(Path directory, RequestWork work, Clock clock) {
        this(directory, work, clock, SILENT_AT_MOST);
    }

    RequestDesk(Path directory, RequestWork work, Clock clock, Duration silence) {
        this.directory = directory;
        this.folder = new RequestFolder(directory);
        this.work = work;
        this.clock = clock;
        this.silence = silence;
    }

    /**
     * Has it done and waits for the end. An interrupt ends the wait, not the work, and stays set.
     *
     * @param alone takes the lock; throws {@link DirectoryLockedException} while somebody has it
     * @param patience for all of it
     * @return what came of it, as JSON text
     * @throws RequestFailedException if the holder says why it could not be done, or says nothing in time
     * @throws StoreUnavailableException if a store did not answer the holder
     * @throws dev.switchover.storage.StorageException if it was tried here and could not be done
     */
    public String ask(
            String kind,
            Map<String, String> arguments,
            Duration patience,
            Supplier<? extends Alone> alone,
            RequestProgress progress) {
        Request request = Request.of(kind, arguments, clock.instant(), patience);
        DirectoryLockedException locked;
        try {
            return doAlone(request, alone, progress);
        } catch (DirectoryLockedException e) {
            locked = e;
        }
        return new Asking(request, alone, progress, locked.getMessage(), patience, silence).run();
    }

    /**
     * The same by a holder only, never here.
     *
     * @throws RequestFailedException also if nobody holds the directory
     */
    public String askHolder(String kind, Map<String, String> arguments, Duration patience, RequestProgress progress) {
        Request request = Request.of(kind, arguments, clock.instant(), patience);
        String holder = Holder.seeming(directory).map(Holder::toString).orElse(null);
        // That is a hint: of another machine or container, or another user's, it may not be seen. So it decides how
        // long is waited.
        String told = holder == null
                ? "No process seems to hold " + directory + "; a service does in every phase but DB_ONLY"
                : "It seems to be " + holder + ", unless that has let go of it, as a service in DB_ONLY has";
        if (!Files.isDirectory(new StoreDirectory(directory).hidden())) {
            throw RequestFailedException.unanswered(kind, told);
        }
        return new Asking(request, null, progress, told, patience, holder == null ? UNSEEN_AT_MOST : silence).run();
    }

    private String doAlone(Request request, Supplier<? extends Alone> alone, RequestProgress progress) {
        try (Alone held = alone.get()) {
            return work.run(request, held, progress);
        }
    }

    /** One request that somebody else is to carry out. */
    private final class Asking {

        private final Request request;
        private final @Nullable Supplier<? extends Alone> alone;
        private final RequestProgress progress;
        private final Duration patience;
        private final Duration unheard;
        private final long began = System.nanoTime();
        private @Nullable String whoHasIt;
        private @Nullable Answer last;
        private long heard = began;
        private long tried = began;

        /**
         * @param alone null if the asker must not do it itself
         * @param whoHasIt a sentence
         * @param unheard how long the first answer may take
         */
        Asking(
                Request request,
                @Nullable Supplier<? extends Alone> alone,
                RequestProgress progress,
                @Nullable String whoHasIt,
                Duration patience,
                Duration unheard) {
            this.request = request;
            this.alone = alone;
            this.progress = progress;
            this.whoHasIt = whoHasIt;
            this.patience = patience;
            this.unheard = unheard;
        }

        String run() {
            boolean stands = true;
            try {
                folder.write(request);
                while (true) {
                    Optional<Answer> answer = folder.answer(request.id());
                    if (answer.isPresent() && answer.get().isFinal()) {
                        return end(answer.get());
                    }
                    answer.filter(next -> !next.equals(last)).ifPresent(this::heard);
                    if (alone != null && System.nanoTime() - tried > TRY_LOCK_EVERY) {
                        tried = System.nanoTime();
                        try {
                            return doAlone(alone);
                        } catch (DirectoryLockedException e) {
                            whoHasIt = e.getMessage();
                        }
                    }
                    requirePatience();
                    LockSupport.parkNanos(LOOK_EVERY);
                    if (Thread.currentThread().isInterrupted()) {
                        stands = false;
                        throw failure(
                                "The wait for the holder of the directory was interrupted; it may still do what it was"
                                        + " asked for");
                    }
                }
            } catch (IOException e) {
                throw new RequestFailedException(
                        request.kind(),
                        "The holder of the directory could not be asked: " + folder.path()
                                + " cannot be used; run this as the service's user",
                        e);
            } finally {
                if (stands) {
                    takeBack();
                }
            }
        }

        /** Whoever had the directory may have ended it; and once it is done here, it must not stand for the next one. */
        private String doAlone(Supplier<? extends Alone> lock) throws IOException {
            try (Alone held = lock.get()) {
                Optional<Answer> answer = folder.answer(request.id()).filter(Answer::isFinal);
                if (answer.isPresent()) {
                    return end(answer.get());
                }
                folder.remove(request.id());
                return work.run(request, held, progress);
            }
        }

        private void heard(Answer answer) {
            last = answer;
            heard = System.nanoTime();
            progress.at(answer.done(), answer.total(), answer.message());
        }

        private String end(Answer answer) {
            Store away = answer.away();
            if (away != null) {
                throw new StoreUnavailableException(away, answer.message(), null);
            }
            if (answer.state() == Answer.State.FAILED) {
                throw failure(answer.message());
            }
            return answer.result();
        }

        private void requirePatience() {
            long now = System.nanoTime();
            if (now - heard > (last == null ? unheard : silence).toNanos()) {
                throw RequestFailedException.unanswered(
                        request.kind(),
                        (last == null
                                        ? "The holder of the directory does not answer requests. "
                                        : "The holder of the directory took the request up and fell silent; it may still do it. ")
                                + whoHasIt);
            }
            if (now - began > patience.toNanos()) {
                throw RequestFailedException.unanswered(
                        request.kind(),
                        "The holder of the directory has not ended within " + patience.toSeconds()
                                + " s. If it has begun, it goes on; otherwise it will not begin. Look at its log, and ask again"
                                + " with more patience. Last heard: "
                                + (last == null ? "nothing" : last.message()));
            }
        }

        private RequestFailedException failure(String message) {
            return new RequestFailedException(request.kind(), message);
        }

        private void takeBack() {
            try {
                folder.remove(request.id());
            } catch (IOException e) {
                LOG.debug("{} could not be taken back; it expires: {}", request, e.getMessage());
            }
        }
    }

    @Override
    public String toString() {
        return "requests to the holder of " + directory;
    }
}
