package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The password is in nothing anybody logs or throws, down to the finest level of pool and driver. */
class CanaryTest {

    private static final String CANARY = "cAnArY-pAsSwOrD";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger driver = java.util.logging.Logger.getLogger("org.postgresql");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final StringWriter driverLog = new StringWriter();
    private final Handler driverHandler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            driverLog.append(String.valueOf(line.getMessage())).append(' ');
            Object[] parameters = line.getParameters();
            for (Object parameter : parameters == null ? new Object[0] : parameters) {
                driverLog.append(String.valueOf(parameter)).append(' ');
            }
            if (line.getThrown() != null) {
                line.getThrown().printStackTrace(new PrintWriter(driverLog));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Level levelBefore;

    @BeforeEach
    void listen() {
        levelBefore = root.getLevel();
        root.setLevel(Level.TRACE);
        root.detachAppender("console");
        events.start();
        root.addAppender(events);
        driver.setLevel(java.util.logging.Level.ALL);
        driver.setUseParentHandlers(false);
        driver.addHandler(driverHandler);
    }

    @AfterEach
    void stopListening() {
        root.setLevel(levelBefore);
        root.detachAppender(events);
        driver.removeHandler(driverHandler);
        driver.setLevel(null);
    }

    @Test
    void a_failed_connect_shows_no_password() {
        for (String place : List.of("127.0.0.1:1/app", "no-such-host.invalid/app", "127.0.0.1:1,[::1]:1/app")) {
            PostgresSettings settings = PostgresSettings.of(
                            DatabaseUrl.parse("postgresql://ann:" + CANARY + "@" + place + "?sslmode=prefer"))
                    .connectionTimeout(Duration.ofMillis(500));
            try (PostgresStore store = PostgresStore.open(settings, List.of())) {
                Throwable failure = catchThrowable(store::prepare);

                StringWriter trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                assertThat(trace.toString())
                        .contains("PostgreSQL is not reachable")
                        .doesNotContain(CANARY);
                assertThat(settings.toString()).doesNotContain(CANARY);
            }
        }
        assertThat(events.list).isNotEmpty();
        assertThat(everythingLogged()).doesNotContain(CANARY);
        assertThat(driverLog.toString()).isNotEmpty().doesNotContain(CANARY);
    }

    @Test
    void a_wrong_password_is_not_shown_and_a_refused_value_neither() throws Exception {
        try (Fixture fixture = Fixture.serving(dev.switchover.storage.spi.Mirroring.ON)) {
            fixture.sql("ALTER TABLE columns ADD CONSTRAINT small CHECK (amount < 1)");
            Throwable failure = catchThrowable(() -> fixture.write(Fixture.put(fixture.columns, 1, CANARY)));

            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).contains("23514").doesNotContain(CANARY);
        }
        assertThat(everythingLogged()).doesNotContain(CANARY);
    }

    private String everythingLogged() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent event : List.copyOf(events.list)) {
            if (event.getLoggerName().startsWith("io.zonky")
                    || event.getThreadName().startsWith("log:")) {
                // What the server writes into its own log is the server's business.
                continue;
            }
            all.append(event.getFormattedMessage()).append('\n');
            for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                all.append(cause.getMessage()).append('\n');
            }
        }
        return all.toString();
    }
}
