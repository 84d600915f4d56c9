package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines people grep for. */
class MirrorLogTest {

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.switchover.mirror");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        LOG.addAppender(appender);
        LOG.setLevel(Level.INFO);
        LOG.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        LOG.detachAppender(appender);
        LOG.setLevel(null);
        LOG.setAdditive(true);
    }

    private static Mirror inSync(MemoryPair pair) {
        return inSync(pair, Pace.REAL);
    }

    private static Mirror inSync(MemoryPair pair, Pace pace) {
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> {},
                MirrorListener.NONE,
                MirrorTest.SETTINGS,
                Clock.systemUTC(),
                pace);
        mirror.start();
        assertThat(mirror.awaitInSync(Duration.ofSeconds(60))).isTrue();
        return mirror;
    }

    private void writeThreeTimes(Store primary) {
        MemoryPair pair = new MemoryPair(primary);
        try (Mirror mirror = inSync(pair)) {
            lines.clear();
            mirror.offer(pair.save(5, "secret"));
            mirror.offer(pair.save(5, "secret"));
            mirror.offer(pair.remove(5));
        }
        assertThat(lines).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void singleWritesAreToldOneByOneOnTheWayToTheDatabase() {
        writeThreeTimes(Store.JSON);
        assertThat(lines)
                .containsExactly(
                        "INFO Dual-write: Created expense 5 in database",
                        "INFO Dual-write: Updated expense 5 in database",
                        "INFO Dual-write: Deleted expense 5 from database");
    }

    @Test
    void singleWritesAreToldOneByOneOnTheWayToJson() {
        writeThreeTimes(Store.POSTGRESQL);
        assertThat(lines)
                .containsExactly(
                        "INFO Dual-write: Created expense 5 in JSON",
                        "INFO Dual-write: Updated expense 5 in JSON",
                        "INFO Dual-write: Deleted expense 5 from JSON");
    }

    @Test
    void anOutageIsToldWhenItBeginsAndWhenItEnds() {
        MemoryPair pair = new MemoryPair(Store.JSON);
        try (Mirror mirror = inSync(pair)) {
            lines.clear();
            try (var fault = pair.mirrorDisk().faults().on(Moment.BEFORE, call -> true, call -> {
                throw new StoreUnavailableException(
                        Store.POSTGRESQL, "PostgreSQL did not do it for expenses", "connection refused", null);
            })) {
                mirror.offer(pair.save(5, "secret"));
                mirror.offer(pair.save(6, "secret"));
                mirror.offer(pair.save(7, "secret"));
                await().until(() -> !lines.isEmpty());
            }
            await().until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
        }
        assertThat(lines.get(0)).isEqualTo("WARN Dual-write failed for expense 5: connection refused");
        assertThat(lines).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("INFO Dual-write: the mirror in PostgreSQL is in sync again"));
    }

    @Test
    void manyRecordsAreOneLine() {
        MemoryPair pair = new MemoryPair(Store.JSON);
        for (int i = 1; i <= 400; i++) {
            pair.save(i, "before");
        }
        try (var refusal = pair.mirrorDisk().faults().refuses(id(7), "SQLSTATE 23514");
                Mirror mirror = inSync(pair)) {
            assertThat(lines).contains("INFO Dual-write: Carried 399 records over to database");
            assertThat(lines)
                    .contains(
                            "WARN Dual-write: PostgreSQL refuses expense 7: SQLSTATE 23514. It is parked: change it, retry"
                                    + " it or discard it");
            assertThat(pair.mirrorDisk().faults().count(Operation.APPLY)).isGreaterThan(1);
        }
    }

    @Test
    void anOutageOfThousandsOfRecordsIsOneLineAMinute() {
        MemoryPair pair = new MemoryPair(Store.JSON);
        AtomicLong later = new AtomicLong();
        try (Mirror mirror = inSync(pair, new LaterPace(later))) {
            lines.clear();
            try (var fault = pair.mirrorDisk().faults().on(Moment.BEFORE, call -> true, call -> {
                throw new StoreUnavailableException(
                        Store.POSTGRESQL, "PostgreSQL did not do it for expenses", "connection refused", null);
            })) {
                for (int id = 1; id <= 3_000; id++) {
                    mirror.offer(pair.save(id, "secret"));
                }
                await().until(() -> !lines.isEmpty());
                for (int minutes = 1; minutes <= 3; minutes++) {
                    later.addAndGet(Duration.ofMinutes(1).toNanos());
                    int expected = 1 + minutes;
                    await().until(() -> lines.size() == expected);
                }
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
            await().until(() -> lines.stream().anyMatch(line -> line.contains("in sync again")));
        }
        List<String> told = List.copyOf(lines);
        assertThat(told.get(0)).matches("WARN Dual-write failed for expense \\d+: connection refused");
        assertThat(told.subList(1, 4))
                .allMatch(line -> line.startsWith("WARN Dual-write: the mirror in PostgreSQL has not worked for")
                        && line.endsWith(" 3000 records are pending"));
        assertThat(told).filteredOn(line -> line.startsWith("WARN")).hasSize(4);
        assertThat(told)
                .anyMatch(line -> line.startsWith("INFO Dual-write: the mirror in PostgreSQL is in sync again"));
        assertThat(told).as("of 3,000 records").hasSizeLessThan(30);
    }

    @Test
    void thousandsOfRecordsThatAreRefusedAreAFewLinesAndACount() {
        MemoryPair pair = new MemoryPair(Store.JSON);
        for (int i = 1; i <= 2_000; i++) {
            pair.save(i, "before");
        }
        try (var refusal = pair.mirrorDisk()
                        .faults()
                        .on(Moment.DURING, call -> !call.ids().isEmpty(), call -> {
                            throw new RecordRefusedException(
                                    call.collections().get(0), call.ids().get(0).toString(), "SQLSTATE 23514", null);
                        });
                Mirror mirror = inSync(pair)) {
            assertThat(lines)
                    .filteredOn(line -> line.contains("refuses expense"))
                    .hasSize(LineBudget.LINES_A_MINUTE);
            assertThat(lines)
                    .contains("WARN Dual-write: PostgreSQL refused 1990 records more, which are parked too; the list of"
                            + " parked records has them");
        }
    }

    /** The machine's pace, on a clock that can be put forward. */
    private record LaterPace(AtomicLong later) implements Pace {

        @Override
        public long nanoTime() {
            return Pace.REAL.nanoTime() + later.get();
        }

        @Override
        public double jitter() {
            return Pace.REAL.jitter();
        }

        @Override
        public Lock newLock() {
            return Pace.REAL.newLock();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration atMost) throws InterruptedException {
            return Pace.REAL.await(latch, atMost);
        }

        @Override
        public Running start(Runnable work, String name) {
            return Pace.REAL.start(work, name);
        }
    }
}
