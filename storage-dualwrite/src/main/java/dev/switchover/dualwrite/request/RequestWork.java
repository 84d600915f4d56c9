package dev.switchover.dualwrite.request;

import dev.switchover.json.JsonStore;
import dev.switchover.json.directory.Holder;
import dev.switchover.storage.StorageClosedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests out, one at a time in this process, whoever asked. Thread-safe. */
public final class RequestWork {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.request");

    private final RequestHandlers handlers;
    private final ReentrantLock one = new ReentrantLock();
    private volatile @Nullable Request underWay;

    public RequestWork(RequestHandlers handlers) {
        this.handlers = handlers;
    }

    /**
     * Carries the request out on this thread, after those before it.
     *
     * @return what came of it, as JSON text
     * @throws StorageException why it was not done
     */
    public String run(Request request, HeldStorage storage, RequestProgress progress) {
        takeTurn(request);
        try {
            return carryOut(request, storage, progress);
        } finally {
            endTurn();
        }
    }

    /**
     * The same for this process's own, on what it holds by then.
     *
     * @param held asked when its turn has come; null if the directory is not held any more, or about to be let go of
     * @return empty if it was not begun, so that its next holder is to be asked
     */
    public Optional<String> runWhileHeld(
            Request request, Supplier<@Nullable HeldStorage> held, RequestProgress progress) {
        takeTurn(request);
        try {
            HeldStorage storage = held.get();
            return storage == null ? Optional.empty() : Optional.of(carryOut(request, storage, progress));
        } finally {
            endTurn();
        }
    }

    /** Runs the step, which answers the request, after those before it; until it ends, nothing else is carried out. */
    void inTurn(Request request, Runnable step) {
        takeTurn(request);
        try {
            step.run();
        } finally {
            endTurn();
        }
    }

    private void takeTurn(Request request) {
        one.lock();
        underWay = request;
    }

    private void endTurn() {
        underWay = null;
        one.unlock();
    }

    private String carryOut(Request request, HeldStorage storage, RequestProgress progress) {
        LOG.info("Carrying out {}", request);
        String result = handlers.handle(request, storage, progress);
        LOG.info("Done: {}", request);
        return result;
    }

    /**
     * Runs the step when nothing is carried out, and nothing is until it ends.
     *
     * @param atMost how long what is under way may take to end
     * @return false if it took longer, or this thread was interrupted: then the step has not been run
     */
    boolean whenIdle(Duration atMost, Runnable step) {
        try {
            if (!one.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            step.run();
            return true;
        } finally {
            one.unlock();
        }
    }

    /** Whose turn it is, if it is anybody's. */
    Optional<Request> underWay() {
        return Optional.ofNullable(underWay);
    }

    /**
     * Carries the request out in its turn, with an answer for either end.
     *
     * @param turn what it is carried out on, null if it is not to be begun
     * @return null if it was not begun, or the directory has been let go of or lost: then its next holder begins again, unless the
     *     asker was told otherwise
     */
    @Nullable
    Answer answer(
            Request request,
            Supplier<@Nullable HeldStorage> turn,
            String holder,
            Clock clock,
            RequestProgress progress) {
        Answer end = end(request, turn, holder, clock, progress);
        if (end == null || RequestFolder.fits(end)) {
            return end;
        }
        String tooLong = end.state() == Answer.State.DONE
                ? "It was done, but its result is too long for an answer. Ask for less at a time, as fewer ids; what can be done without"
                        + " a service may have a result of any length while none holds the directory"
                : "It failed, and why is too long for an answer; the log of the directory's holder has it";
        LOG.warn("What came of {} cannot be told: {}", request, tooLong);
        return ended(holder, Answer.State.FAILED, tooLong, "", clock, end.away());
    }

    private @Nullable Answer end(
            Request request,
            Supplier<@Nullable HeldStorage> turn,
            String holder,
            Clock clock,
            RequestProgress progress) {
        try {
            HeldStorage storage = turn.get();
            return storage == null ? null : end(request, storage, storage.json(), holder, clock, progress);
        } catch (StorageClosedException e) {
            LOG.info(
                    "{} was broken off, for this process has let go of the directory; its next holder begins it again"
                            + " unless its asker was told otherwise",
                    request);
            return null;
        } catch (RuntimeException | Error e) {
            // An error too: the thread is to answer those behind it.
            return mistaken(request, holder, clock, e);
        }
    }

    /** @param json what {@code storage} has at the beginning */
    private @Nullable Answer end(
            Request request,
            HeldStorage storage,
            JsonStore json,
            String holder,
            Clock clock,
            RequestProgress progress) {
        try {
            String result = carryOut(request, storage, progress);
            return ended(holder, Answer.State.DONE, "", result, clock, null);
        } catch (StorageClosedException e) {
            throw e;
        } catch (StorageException e) {
            // What may have been done is told as such, and not done again over what others wrote since.
            if (!(e instanceof UnknownOutcomeException) && !json.holdsDirectory()) {
                LOG.warn(
                        "{} was broken off, for this process has lost the directory; its next holder begins it again: {}",
                        request,
                        e.getMessage());
                return null;
            }
            LOG.warn("Failed: {}: {}", request, e.getMessage());
            Store away = e instanceof StoreUnavailableException unavailable ? unavailable.store() : null;
            return ended(holder, Answer.State.FAILED, String.valueOf(e.getMessage()), "", clock, away);
        }
    }

    static Answer mistaken(Request request, String holder, Clock clock, Throwable mistake) {
        LOG.error("Failed by a mistake of the library's: {}", request, mistake);
        String message = "The holder failed by a mistake of the library's, "
                + mistake.getClass().getName() + "; its log has more";
        return ended(holder, Answer.State.FAILED, message, "", clock, null);
    }

    /** Of what goes on when its holder lets go of the directory. */
    static Answer unended(Request request, String holder, Clock clock) {
        String message =
                "The directory was handed over to another process before this had ended. It goes on and may have been done,"
                        + " and is not done again: look at what is there and at the log of the former holder, process "
                        + ProcessHandle.current().pid() + " on " + Holder.hostName() + ", before you ask again";
        LOG.warn("{} has not ended: {}", request, message);
        return ended(holder, Answer.State.FAILED, message, "", clock, null);
    }

    private static Answer ended(
            String holder, Answer.State state, String message, String result, Clock clock, @Nullable Store away) {
        return new Answer(holder, state, 0, OptionalLong.empty(), message, result, clock.instant(), away);
    }
}
