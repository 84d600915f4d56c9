package dev.switchover.dualwrite;

import dev.switchover.dualwrite.export.ExportHandler;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestDesk;
import dev.switchover.dualwrite.request.RequestHandlers;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.request.RequestWatch;
import dev.switchover.dualwrite.request.RequestWork;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.RequestFailedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Work on the directory, done by whoever has it: this process, another one, or, if nobody has, this one for the time being. A
 * service that is open answers what others ask of it. Thread-safe.
 */
final class DirectoryRequests implements AutoCloseable {

    /** How long everything takes at most, where the caller says nothing. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Configuration configuration;
    private final @Nullable PostgresStore postgres;
    private final @Nullable ServingStorage serving;
    private final RequestWork work;
    private final RequestDesk desk;
    private final @Nullable RequestWatch watch;

    private DirectoryRequests(
            Configuration configuration,
            @Nullable PostgresStore postgres,
            @Nullable ServingStorage serving,
            RequestHandlers handlers) {
        this.configuration = configuration;
        this.postgres = postgres;
        this.serving = serving;
        this.work = new RequestWork(handlers);
        this.desk = new RequestDesk(configuration.directory(), work, configuration.clock());
        this.watch = serving == null
                ? null
                : new RequestWatch(
                        configuration.directory(),
                        serving::whileHeld,
                        work,
                        configuration.clock(),
                        configuration.settings().closeTimeout());
    }

    /** Of a process that serves nothing. */
    static DirectoryRequests beside(
            Configuration configuration, @Nullable PostgresStore postgres, RequestHandlers handlers) {
        return new DirectoryRequests(configuration, postgres, null, handlers);
    }

    /** Of a service. */
    static DirectoryRequests of(Configuration configuration, ServingStorage serving, RequestHandlers handlers) {
        return new DirectoryRequests(configuration, serving.postgres(), serving, handlers);
    }

    /** From now on what others ask for is carried out. */
    void start() {
        if (watch != null) {
            watch.start();
        }
    }

    /**
     * Has it done, and waits.
     *
     * @return what came of it, as JSON text
     * @throws RequestFailedException if the holder of the directory could not do it, or does not answer
     * @throws dev.switchover.storage.StorageException if it was tried here and could not be done
     */
    String ask(String kind, Map<String, String> arguments, Duration patience, RequestProgress progress) {
        if (toBegin() != null) {
            Request request = Request.of(kind, arguments, configuration.clock().instant(), patience);
            Optional<String> done = work.runWhileHeld(request, this::toBegin, progress);
            if (done.isPresent()) {
                return done.get();
            }
        }
        requireDirectory(kind);
        boolean mayBeRetired = kind.equals(ExportHandler.KIND);
        return desk.ask(
                kind,
                arguments,
                patience,
                () -> mayBeRetired
                        ? DirectoryAlone.takeRetired(configuration, postgres)
                        : DirectoryAlone.take(configuration, postgres),
                progress);
    }

    /** What this process may begin on; null if it does not have the directory, or is letting go of it. */
    private @Nullable HeldStorage toBegin() {
        return serving == null || watch == null || watch.isLeaving() ? null : serving.whileHeld();
    }

    /**
     * Has it done by another process that has the directory, and waits.
     *
     * @return what came of it, as JSON text
     * @throws RequestFailedException if there is none, or it could not do it, or does not answer
     */
    String askHolder(String kind, Map<String, String> arguments, Duration patience, RequestProgress progress) {
        requireDirectory(kind);
        return desk.askHolder(kind, arguments, patience, progress);
    }

    private void requireDirectory(String kind) {
        if (!configuration.hasDirectory()) {
            throw new RequestFailedException(kind, "There is no JSON directory; name one to the builder");
        }
    }

    /** With the patience that everything is given where the caller says nothing. */
    String ask(String kind, Map<String, String> arguments) {
        return ask(kind, arguments, PATIENCE, RequestProgress.NONE);
    }

    /**
     * Lets go of the directory for a newcomer, when what is under way here has ended or was answered.
     *
     * @param patience how long the newcomer waits for the directory from now on; at most half of it is spent waiting
     * @param release lets go of the directory; runs on this thread, once
     */
    void letGo(Duration patience, Runnable release) {
        if (watch == null) {
            release.run();
        } else {
            watch.letGo(patience, release);
        }
    }

    /**
     * Lets go of a directory that nobody waits for, unless something is under way here.
     *
     * @param release lets go of the directory; runs on this thread, at most once
     * @return false if it was not let go of
     */
    boolean letGoWhenIdle(Runnable release) {
        if (watch == null) {
            release.run();
            return true;
        }
        return watch.letGoWhenIdle(release);
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
