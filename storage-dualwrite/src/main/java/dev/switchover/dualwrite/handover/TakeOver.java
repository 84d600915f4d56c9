package dev.switchover.dualwrite.handover;

import dev.switchover.json.DirectoryLockedException;
import dev.switchover.storage.StartRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newcomer's side: asks the holder for the directory and waits, bounded, until it has it. */
public final class TakeOver {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.handover");

    private static final long TRY_EVERY = TimeUnit.MILLISECONDS.toNanos(50);

    private final RequestFile file;
    private final Duration patience;
    private final Clock clock;

    /** @param patience how long to wait for the holder; the request expires then */
    public TakeOver(Path directory, Duration patience, Clock clock) {
        this.file = new RequestFile(directory);
        this.patience = patience;
        this.clock = clock;
    }

    /** Whether somebody asks for the directory now: it is to be left to them. */
    public static boolean isAskedFor(Path directory, Clock clock) {
        return new RequestFile(directory)
                .read()
                .filter(request -> clock.instant().isBefore(request.expires()))
                .isPresent();
    }

    /**
     * Asks, then opens until it succeeds.
     *
     * @param open throws {@link DirectoryLockedException} while the holder has the directory
     * @throws StartRefusedException {@code TAKE-OVER-UNANSWERED} if the holder did not let go in time
     */
    public <S> S take(Supplier<S> open) {
        TakeOverRequest request = new TakeOverRequest(
                UUID.randomUUID().toString(),
                ProcessHandle.current().pid(),
                host(),
                clock.instant().plus(patience));
        LOG.info("Asking the holder of the directory to hand it over, for at most {}", patience);
        file.write(request);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            while (true) {
                try {
                    return open.get();
                } catch (DirectoryLockedException e) {
                    if (System.nanoTime() - deadline > 0) {
                        throw unanswered(e);
                    }
                }
                LockSupport.parkNanos(TRY_EVERY);
            }
        } finally {
            file.remove(request);
        }
    }

    private static StartRefusedException unanswered(DirectoryLockedException locked) {
        return new StartRefusedException(
                "TAKE-OVER-UNANSWERED",
                List.of(
                        "the holder of the directory did not hand it over in time",
                        String.valueOf(locked.getMessage())),
                "Stop that process, then start again.",
                locked);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unknown host";
        }
    }
}
