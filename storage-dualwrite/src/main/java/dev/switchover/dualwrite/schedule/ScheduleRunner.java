package dev.switchover.dualwrite.schedule;

import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Threads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs when they are due, one after the other, on a thread of its own; of several instances one runs a job. The clock is looked at
 * twice a minute, so one that jumps does no harm. Thread-safe.
 */
public final class ScheduleRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.schedule");

    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(15);

    private final List<ScheduledJob> jobs;
    private final JobLedger ledger;
    private final Clock clock;
    private final Duration lookEvery;
    private final Duration closing;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "switchover-schedule");
    /** As they were read last: a job that is not due by that needs no question. */
    private final Map<String, JobState> known = new HashMap<>();

    private boolean ledgerAway;

    /** @param closing how long closing waits for a job that runs */
    public ScheduleRunner(List<ScheduledJob> jobs, JobLedger ledger, Clock clock, Duration closing) {
        this(jobs, ledger, clock, closing, LOOK_EVERY);
    }

    ScheduleRunner(List<ScheduledJob> jobs, JobLedger ledger, Clock clock, Duration closing, Duration lookEvery) {
        this.jobs = List.copyOf(jobs);
        this.ledger = ledger;
        this.clock = clock;
        this.closing = closing;
        this.lookEvery = lookEvery;
        thread.setDaemon(true);
    }

    public void start() {
        jobs.forEach(job -> LOG.info("{} runs {}, in time zone {}", job.name(), job.schedule(), job.zone()));
        if (!jobs.isEmpty()) {
            thread.start();
        }
    }

    /** Nothing new is begun; waits, bounded, for what runs. */
    @Override
    public void close() {
        closed.countDown();
        Threads.join(thread, closing);
    }

    private void run() {
        try {
            do {
                for (ScheduledJob job : jobs) {
                    if (closed.getCount() > 0) {
                        look(job);
                    }
                }
            } while (!closed.await(lookEvery.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
        }
    }

    private void look(ScheduledJob job) {
        try {
            JobState last = known.get(job.name());
            if (last != null && decide(job, last) instanceof RunDecision.Wait) {
                return;
            }
            JobState now = ledger.read(job.name(), clock.instant());
            known.put(job.name(), now);
            ledgerAway = false;
            if (decide(job, now) instanceof RunDecision.Run due) {
                OptionalLong token = ledger.take(job.name(), now.token(), LEASE);
                if (token.isPresent()) {
                    run(job, due.slot(), token.getAsLong(), now.failures());
                    known.put(job.name(), ledger.read(job.name(), clock.instant()));
                }
            }
        } catch (StorageException e) {
            if (!ledgerAway) {
                LOG.warn("{} waits, for it cannot be asked who runs it: {}", job.name(), e.getMessage());
            }
            ledgerAway = true;
        }
    }

    private RunDecision decide(ScheduledJob job, JobState state) {
        return RunDecision.of(job.schedule(), job.zone(), clock.instant(), state);
    }

    private void run(ScheduledJob job, Instant slot, long token, int failures) {
        long began = System.nanoTime();
        LOG.info("{} begins, due since {}", job.name(), slot);
        try (Renewal lease = new Renewal(job.name(), token)) {
            lease.start();
            job.work().run(lease);
        } catch (StorageException e) {
            failed(job, token, failures, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException e) {
            LOG.error("{} failed by a mistake of the library's", job.name(), e);
            failed(job, token, failures, e.getClass().getName());
            return;
        }
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        if (ledger.done(job.name(), token, slot, clock.instant())) {
            LOG.atInfo()
                    .addKeyValue("job", job.name())
                    .addKeyValue("millis", millis)
                    .log("{} is done", job.name());
        } else {
            LOG.warn("{} is done, but took so long to answer that another instance may have run it too", job.name());
        }
    }

    private void failed(ScheduledJob job, long token, int failures, String message) {
        LOG.atWarn()
                .addKeyValue("job", job.name())
                .addKeyValue("failures", failures + 1)
                .log("{} failed, {} times in a row, and is tried again later: {}", job.name(), failures + 1, message);
        ledger.failed(job.name(), token, clock.instant(), message);
    }

    /** Keeps the lease while the job runs. */
    private final class Renewal implements ScheduledJob.Lease, AutoCloseable {

        private final String job;
        private final long token;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread renewing = new Thread(this::renew, "switchover-schedule-lease");

        Renewal(String job, long token) {
            this.job = job;
            this.token = token;
            renewing.setDaemon(true);
        }

        void start() {
            renewing.start();
        }

        private void renew() {
            try {
                while (!ended.await(RENEW_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        ledger.renew(job, token, LEASE);
                    } catch (StorageException e) {
                        LOG.debug("The lease of {} could not be renewed; it is tried again: {}", job, e.getMessage());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // only a host that stops all threads interrupts this one
            }
        }

        @Override
        public void require() {
            if (!ledger.renew(job, token, LEASE)) {
                throw new RequestFailedException(
                        job,
                        "Another instance runs " + job + " by now, for this one was held up; nothing was replaced");
            }
        }

        @Override
        public void close() {
            ended.countDown();
            Threads.join(renewing, closing);
        }
    }
}
