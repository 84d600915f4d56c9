package dev.switchover.examples.expenses.demo;

import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Plays the steps one after the other; after each, compares both stores with what was acknowledged. */
final class Story {

    static final List<Step> STEPS = List.of(
            new Step(Phase.JSON_ONLY, "adopts the existing file", Step.Event.WRITES),
            new Step(Phase.JSON_PRIMARY, "backfills PostgreSQL behind the writes", Step.Event.WRITES),
            new Step(Phase.JSON_PRIMARY, "the database goes away for 3 s", Step.Event.OUTAGE),
            new Step(Phase.DB_PRIMARY, "PostgreSQL leads", Step.Event.WRITES),
            new Step(Phase.DB_PRIMARY, "kill -9 while 4 threads write", Step.Event.KILL),
            new Step(Phase.DB_ONLY, "JSON is left behind", Step.Event.WRITES),
            new Step(Phase.JSON_ONLY, "straight back: JSON caught up first", Step.Event.WRITES),
            new Step(Phase.JSON_PRIMARY, "forward again, and kill -9", Step.Event.KILL),
            new Step(Phase.DB_PRIMARY, "PostgreSQL leads again", Step.Event.WRITES),
            new Step(Phase.DB_ONLY, "arrived", Step.Event.WRITES));

    private static final int WRITES_OF_EACH_THREAD = 250;
    private static final int ACKS_BEFORE_THE_KILL = 500;
    private static final Duration BEFORE_THE_CUT = Duration.ofSeconds(1);
    private static final Duration CUT = Duration.ofSeconds(3);
    private static final Duration PAUSE_WHILE_CUT = Duration.ofMillis(4);

    private final Stage stage;
    private final Report report;
    private final Expected expected = new Expected();
    private final String envelope;
    private int number;

    Story(Stage stage, Report report) throws IOException {
        this.stage = stage;
        this.report = report;
        Snapshot existing = stage.reader().json();
        existing.records(StoreReader.EARTHQUAKES)
                .forEach((id, content) -> expected.put(StoreReader.EARTHQUAKES, id, content));
        this.envelope = Objects.requireNonNull(existing.envelope());
        report.say("earthquakes.json has "
                + existing.records(StoreReader.EARTHQUAKES).size() + " records");
    }

    /** @return what is wrong, empty if nothing is */
    List<String> play(Step step) throws IOException, SQLException {
        number++;
        report.say("[" + number + "/" + STEPS.size() + "] " + step.phase() + ": " + step.story());
        long start = System.nanoTime();
        Map<String, Map<String, String>> before = expected();
        int writes = 0;
        if (step.event() == Step.Event.KILL) {
            writes = kill(step);
        }
        AtomicLong peak = new AtomicLong();
        try (Session session = Session.open(stage.directory(), stage.environment(step.phase()))) {
            if (step.event() == Step.Event.KILL) {
                peak.set(session.pending());
            } else {
                writes = write(step, session, peak);
            }
            session.awaitInSync();
        }
        List<String> problems = new ArrayList<>();
        String drift = verify(step, before, problems);
        String lag = step.phase().mirrored() ? "most " + peak.get() + ", end 0" : "-";
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        report.add(new Report.Row(step.phase().name(), step.story(), writes, lag, drift, time));
        report.say("      " + writes + " writes; drift " + drift + (problems.isEmpty() ? "; verified" : "; WRONG"));
        return problems;
    }

    private int write(Step step, Session session, AtomicLong peak) throws IOException {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "demo-watch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ScheduledFuture<?> sampling = watch.scheduleWithFixedDelay(
                    () -> peak.accumulateAndGet(session.pending(), Math::max), 50, 50, TimeUnit.MILLISECONDS);
            Traffic traffic = new Traffic(
                    "s" + number,
                    session,
                    expected,
                    expected.copy(StoreReader.EXPENSES),
                    expected.copy(StoreReader.EARTHQUAKES));
            int writes = step.event() == Step.Event.OUTAGE ? duringOutage(traffic) : traffic.run(WRITES_OF_EACH_THREAD);
            sampling.cancel(false);
            return writes;
        } finally {
            watch.shutdownNow();
        }
    }

    private int duringOutage(Traffic traffic) {
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Boolean> outage = new FutureTask<>(() -> {
            try {
                sleep(BEFORE_THE_CUT);
                stage.way().cut();
                report.say("      the way to the database is cut");
                sleep(CUT);
                stage.way().mend();
                report.say("      the way to the database is mended");
                sleep(BEFORE_THE_CUT);
                return true;
            } finally {
                over.set(true);
            }
        });
        Thread thread = new Thread(outage, "demo-outage");
        thread.setDaemon(true);
        thread.start();
        int writes = traffic.run(() -> !over.get(), PAUSE_WHILE_CUT);
        try {
            outage.get();
            return writes;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The way could not be cut and mended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    private int kill(Step step) throws IOException {
        Path records = stage.root().resolve("records-" + number + ".json");
        AckLines.save(records, expected());
        int acknowledged = Killing.run(
                stage.directory(),
                stage.environment(step.phase()),
                records,
                "k" + number,
                expected,
                ACKS_BEFORE_THE_KILL,
                stage.root().resolve("child.log"));
        report.say("      killed after " + acknowledged + " acknowledged writes; starting again");
        return acknowledged;
    }

    /** @return how many records differ between the stores */
    private String verify(Step step, Map<String, Map<String, String>> before, List<String> problems)
            throws IOException, SQLException {
        Snapshot json = stage.reader().json();
        Snapshot postgresql = stage.reader().postgresql();
        boolean databasePhase = step.phase().databasePhase();
        Snapshot primary = databasePhase ? postgresql : json;
        Snapshot other = databasePhase ? json : postgresql;
        Store otherStore = step.phase().primary().other();
        problems.addAll(expected.settle(primary));
        problems.addAll(
                Comparison.with(expected(), primary, step.phase().primary().label()));
        if (!envelope.equals(primary.envelope())) {
            problems.add("the envelope in " + step.phase().primary().label() + " is not the file's");
        }
        int drift = Comparison.drift(json, postgresql);
        if (step.phase().mirrored()) {
            problems.addAll(Comparison.with(expected(), other, otherStore.label()));
            problems.addAll(Comparison.equality(json, postgresql));
            return Integer.toString(drift);
        }
        // The other store takes no part: it has to be as it was when this step began, and before the first mirror
        // empty.
        Map<String, Map<String, String>> left = number == 1 ? Map.of() : before;
        problems.addAll(Comparison.with(left, other, otherStore.label() + ", left behind,"));
        return drift + " (no mirror)";
    }

    private Map<String, Map<String, String>> expected() {
        return Map.of(
                StoreReader.EXPENSES, expected.copy(StoreReader.EXPENSES),
                StoreReader.EARTHQUAKES, expected.copy(StoreReader.EARTHQUAKES));
    }
}
