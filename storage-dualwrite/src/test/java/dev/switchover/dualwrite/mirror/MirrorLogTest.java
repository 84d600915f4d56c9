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
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> {},
                MirrorListener.NONE,
                MirrorTest.SETTINGS,
                Clock.systemUTC());
        mirror.start();
        assertThat(mirror.awaitInSync(Duration.ofSeconds(10))).isTrue();
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
}
