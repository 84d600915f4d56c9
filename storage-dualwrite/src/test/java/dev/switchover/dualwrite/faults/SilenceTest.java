package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever goes wrong, no value of a record and no password is in a message, a cause or a line of the log, down to the finest level
 * of everything that logs through SLF4J.
 */
class SilenceTest {

    private static final String CANARY = "cAnArY-vAlUe";
    private static final String PASSWORD = "cAnArY-pAsSwOrD";
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private Level levelBefore;

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        levelBefore = root.getLevel();
        Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
        appenders.forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
    }

    @AfterEach
    void nothingWasSaid() {
        root.detachAppender(log);
        root.setLevel(levelBefore);
        others.forEach(root::addAppender);
        for (ILoggingEvent event : List.copyOf(log.list)) {
            boolean ofTheServer = event.getLoggerName().startsWith("io.zonky")
                    || event.getThreadName().startsWith("log:");
            if (!ofTheServer) {
                said.add(event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())));
            }
        }
        assertThat(said).isNotEmpty().noneMatch(text -> text.contains("cAnArY"));
    }

    private void fails(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(StorageException.class);
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        said.add(trace + " " + thrown);
    }

    private static Expense secret(Long id, String category) {
        return new Expense(id, LocalDate.of(2026, 1, 5), category, BigDecimal.ONE, CANARY);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY", "DB_ONLY"})
    void everyRefusalKeepsTheValuesToItself(Phase phase) {
        try (Surroundings around = Surroundings.shared()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, around.urlThroughProxy());
            try (SwitchoverStorage storage = service.open(phase)) {
                Repository<Expense, Long> expenses = storage.repository(EXPENSES);
                Repository<Note, String> notes = storage.repository(NOTES);
                expenses.create(secret(null, CANARY));
                notes.create(new Note("a", CANARY));
                assertThat(storage.awaitInSync(SOON)).isTrue();

                fails(() -> notes.create(new Note("a", CANARY)));
                fails(() -> notes.save(new Note("a", CANARY), 4711));
                fails(() -> notes.delete("a", 4711));
                fails(() -> notes.save(new Note("b", CANARY + "\uD800")));
                fails(() -> notes.save(new Note("b", CANARY + "\0")));
                fails(() -> notes.saveAll(List.of(new Note("c", CANARY), new Note("d", CANARY + "\uDC00"))));
                fails(() -> storage.inUnitOfWork(work -> work.on(NOTES).create(new Note("a", CANARY))));

                around.execute("ALTER TABLE expenses ADD CONSTRAINT other CHECK (category <> '" + CANARY + "x')");
                around.execute(
                        "CREATE FUNCTION complain() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.category ="
                                + " '" + CANARY
                                + "y' THEN RAISE EXCEPTION 'not %', NEW.category USING DETAIL = NEW.category,"
                                + " HINT = NEW.category, CONSTRAINT = 'mine'; END IF; RETURN NEW; END $$");
                around.execute("CREATE TRIGGER complaint BEFORE INSERT OR UPDATE ON expenses FOR EACH ROW EXECUTE"
                        + " FUNCTION complain()");
                if (phase.databasePhase()) {
                    fails(() -> expenses.create(secret(null, CANARY + "x")));
                    fails(() -> expenses.create(secret(null, CANARY + "y")));
                    fails(() -> expenses.saveAll(List.of(expense("1"), secret(null, CANARY + "y"))));
                } else {
                    expenses.create(secret(null, CANARY + "x"));
                    expenses.create(secret(null, CANARY + "y"));
                    await().atMost(SOON).until(() -> storage.parked(EXPENSES).size() == 2);
                    said.add(storage.parked(EXPENSES).toString());
                }
                around.proxy().reset();
                for (int i = 0; i < 3; i++) {
                    Throwable thrown = catchThrowable(() -> notes.save(new Note("e", CANARY)));
                    if (thrown != null) {
                        said.add(thrown.toString());
                    }
                }
                said.add(storage.status().toString());
                around.proxy().mend();
                await().atMost(SOON)
                        .ignoreExceptionsInstanceOf(StorageException.class)
                        .until(() -> notes.save(new Note("e", CANARY)) != null);
            }
            assertThat(log.list).anyMatch(event -> event.getLoggerName().startsWith("dev.switchover"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\"}",
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\",}]",
                "[{\"id\":\"a\",\"text\":" + CANARY + "}]",
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\",\"text\":\"" + CANARY + "\"}]",
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\"},{\"id\":\"a\",\"text\":\"" + CANARY + "\"}]",
                "[{\"text\":\"" + CANARY + "\"}]",
                "[\"" + CANARY + "\"]",
                "{\"" + CANARY + "\":1}",
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\\uD800\"}]",
                "[{\"id\":\"a\",\"text\":\"" + CANARY + "\"}] " + CANARY
            })
    void aFileThatIsNotWhatItShouldBeIsNotQuoted(String text) throws IOException {
        Files.writeString(directory.resolve("notes.json"), text);
        fails(() -> new ServiceUnderTest(directory, (String) null)
                .open(Phase.JSON_ONLY)
                .close());
    }

    @Test
    void aRecordTheClassCannotReadIsNotQuoted() throws IOException {
        Files.writeString(
                directory.resolve("expenses.json"),
                "[{\"id\":1,\"date\":\"" + CANARY + "\",\"category\":\"" + CANARY + "\",\"amount\":\"" + CANARY
                        + "\"}]");
        fails(() -> {
            try (SwitchoverStorage storage = new ServiceUnderTest(directory, (String) null).open(Phase.JSON_ONLY)) {
                storage.repository(EXPENSES).findAll();
            }
        });
    }

    @Test
    void aPasswordIsNotSaidByAStartThatFails() {
        for (String place : List.of("127.0.0.1:1/app", "no-such-host.invalid/app", "127.0.0.1:1,[::1]:1/app")) {
            ServiceUnderTest service = new ServiceUnderTest(directory, "postgresql://ann:" + PASSWORD + "@" + place)
                    .set("SWITCHOVER_CONNECTION_TIMEOUT", "300ms");
            fails(() -> service.open(Phase.DB_ONLY));
        }
        for (String wrong : List.of(
                "postgresql://ann:" + PASSWORD + "@@host/app",
                "postgresql://ann:" + PASSWORD + "/x@host/app",
                "postgresql://ann:p&" + PASSWORD + "@host/app?" + PASSWORD,
                "mysql://ann:" + PASSWORD + "@host/app",
                PASSWORD)) {
            fails(() -> new ServiceUnderTest(directory, wrong).open(Phase.DB_ONLY));
        }
    }
}
