package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.HeldDirectory.awaitUninterruptibly;
import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.handover.TakeOver;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What becomes of an instance that has let go of the directory, when somebody else had it and has it no more. */
@Timeout(180)
class TakenBackTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<CollectionSchema<?, ?>> SCHEMAS =
            List.of(CollectionSchema.of(EXPENSES), CollectionSchema.of(NOTES));

    @TempDir
    Path directory;

    @TempDir
    Path older;

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private ServiceUnderTest service() {
        return new ServiceUnderTest(directory, database);
    }

    private SwitchoverStorage newcomer(Phase phase) {
        return service().set("SWITCHOVER_TAKE_OVER", "true").open(phase);
    }

    private JsonStore openDirectory() {
        return JsonStore.open(JsonSettings.of(directory), SCHEMAS);
    }

    /** Asks for the directory, and takes its request back when this has been done with it. */
    private <S> S takeOver(Supplier<S> open) {
        return new TakeOver(directory, SOON, Clock.systemUTC()).take(open);
    }

    /** The whole time of a newcomer's, gone before the old holder looks whether its request still stands. */
    private void comesAndEnds(Phase phase) {
        takeOver(() -> {
            openDirectory().close();
            try (SwitchoverStorage newcomer = service().open(phase)) {
                return newcomer.repository(EXPENSES).create(expense("2"));
            }
        });
    }

    private LedgerEntry jsonsEntry() {
        return JsonStore.openReadOnly(JsonSettings.of(directory), SCHEMAS)
                .ledgerEntry(SCHEMAS.get(0))
                .orElseThrow();
    }

    private static Expense createdAgain(SwitchoverStorage storage) {
        return await().atMost(SOON)
                .ignoreExceptionsInstanceOf(FencedException.class)
                .until(() -> storage.repository(EXPENSES).create(expense("3")), created -> true);
    }

    /** It serves nothing from the moment it let go of the directory. */
    private static void awaitRefused(SwitchoverStorage storage, String reason) {
        await().atMost(SOON)
                .until(
                        () -> catchThrowableOfType(
                                        FencedException.class,
                                        () -> storage.repository(EXPENSES).create(expense("9")))
                                .getMessage(),
                        message -> message.contains(reason));
    }

    private static void awaitRefusedForGood(SwitchoverStorage storage) {
        awaitRefused(storage, "restart this instance with the flags of the phase");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_ONLY", "JSON_PRIMARY"})
    void itServesAgainWhenWhoeverHadTheDirectoryAtThatMomentLetsGoOfIt(Phase phase) {
        try (SwitchoverStorage old = service().open(phase)) {
            old.repository(EXPENSES).create(expense("1"));
            try (JsonStore command = takeOver(this::openDirectory)) {
                assertThat(command.holdsDirectory()).isTrue();
                awaitWaiting();
            }
            assertThat(createdAgain(old).id()).isEqualTo(2);
            assertThat(old.status().holdsDirectory()).isTrue();
        }
    }

    @Test
    void itGoesOnFromWhatANewcomerOfTheSamePhaseHasWritten() {
        try (SwitchoverStorage old = service().open(Phase.JSON_PRIMARY)) {
            old.repository(EXPENSES).create(expense("1"));
            try (SwitchoverStorage newcomer = newcomer(Phase.JSON_PRIMARY)) {
                newcomer.repository(EXPENSES).create(expense("2"));
                newcomer.repository(EXPENSES).delete(1L);
                awaitWaiting();
            }
            assertThat(createdAgain(old).id()).isEqualTo(3);
            assertThat(old.repository(EXPENSES).findAll())
                    .extracting(Expense::id)
                    .containsExactly(2L, 3L);
            assertThat(old.awaitInSync(SOON)).isTrue();
        }
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @Test
    void itDoesNotUndoTheSwitchoverOfANewcomerThatHasEnded() {
        try (SwitchoverStorage old = service().open(Phase.JSON_PRIMARY)) {
            old.repository(EXPENSES).create(expense("1"));
            try (SwitchoverStorage newcomer = newcomer(Phase.DB_PRIMARY)) {
                awaitWaiting();
                newcomer.repository(EXPENSES).create(expense("2"));
            }
            awaitRefusedForGood(old);
            assertTheDatabaseLeads(old);
        }
    }

    /** It has let go of the directory, which it does not need. */
    @Test
    void itDoesNotUndoTheSwitchoverOfANewcomerThatServesWithoutTheDirectory() {
        try (SwitchoverStorage old = service().open(Phase.JSON_PRIMARY)) {
            old.repository(EXPENSES).create(expense("1"));
            try (SwitchoverStorage newcomer = newcomer(Phase.DB_ONLY)) {
                newcomer.repository(EXPENSES).create(expense("2"));
                awaitRefusedForGood(old);
                newcomer.repository(EXPENSES).create(expense("3"));
            }
            assertThat(jsonsEntry().epoch()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void itDoesNotUndoTheSwitchoverOfANewcomerThatHadEndedBeforeItLooked(Phase next) {
        try (SwitchoverStorage old = service().open(Phase.JSON_PRIMARY)) {
            old.repository(EXPENSES).create(expense("1"));
            comesAndEnds(next);
            awaitRefusedForGood(old);
            assertTheDatabaseLeads(old);
        }
    }

    /** And the directory is nobody's: the next one of the new phase gets it without asking. */
    private void assertTheDatabaseLeads(SwitchoverStorage old) {
        await().atMost(SOON).until(() -> !old.status().holdsDirectory());
        assertThat(jsonsEntry().state()).isIn(State.HANDED_OVER, State.MIRROR);
        assertThat(jsonsEntry().epoch()).isEqualTo(2);
        try (SwitchoverStorage next = service().open(Phase.DB_PRIMARY)) {
            assertThat(next.status().holdsDirectory()).isTrue();
            assertThat(next.repository(EXPENSES).findAll())
                    .extracting(Expense::id)
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void whereTheAuthorityCameBackMeanwhileItServesAgain() {
        try (SwitchoverStorage old = service().open(Phase.JSON_ONLY)) {
            old.repository(EXPENSES).create(expense("1"));
            takeOver(() -> {
                openDirectory().close();
                service().open(Phase.DB_ONLY).close();
                try (SwitchoverStorage back = service().open(Phase.JSON_ONLY)) {
                    return back.repository(EXPENSES).create(expense("2"));
                }
            });
            assertThat(createdAgain(old).id()).isEqualTo(3);
        }
    }

    /** Nobody leads: who sealed JSON came to its end before there was a successor. */
    private void sealsAndEnds(TcpProxy olds) {
        takeOver(() -> {
            try (JsonStore newcomer = openDirectory()) {
                LedgerEntry leads = newcomer.ledger().read(SCHEMAS.get(0)).orElseThrow();
                olds.refuse();
                return newcomer.ledger()
                        .compareAndSet(SCHEMAS.get(0), leads, leads.with(State.SEALED, leads.epoch() + 1), "by a test");
            }
        });
    }

    @Test
    void whereTheDatabaseIsAwayAtThatMomentItWaitsForItsAnswer() {
        try (TcpProxy proxy = TcpProxy.before(database);
                SwitchoverStorage old = new ServiceUnderTest(directory, proxy.url()).open(Phase.JSON_PRIMARY)) {
            old.repository(EXPENSES).create(expense("1"));
            assertThat(old.awaitInSync(SOON)).isTrue();
            sealsAndEnds(proxy);
            awaitWaiting();
            awaitRefused(old, "has been handed over");
            proxy.mend();
            assertThat(createdAgain(old).id()).isEqualTo(2);
            assertThat(old.awaitInSync(SOON)).isTrue();

            takeOver(() -> {
                try (JsonStore command = openDirectory()) {
                    proxy.refuse();
                    return command.holdsDirectory();
                }
            });
            assertThat(createdAgain(old).id()).isEqualTo(3); // JSON leads, and need not ask the database
        }
    }

    @Test
    void itMakesNoDirectoryWhereSomebodyMovedItAway() throws Exception {
        try (SwitchoverStorage old = service().open(Phase.JSON_ONLY)) {
            old.repository(EXPENSES).create(expense("1"));
            Path away = older.resolve("moved");
            try (JsonStore command = takeOver(this::openDirectory)) {
                assertThat(command.holdsDirectory()).isTrue();
                awaitWaiting();
                Files.move(directory, away);
            }
            await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> !Files.exists(directory));
            Files.move(away, directory);
            assertThat(createdAgain(old).id()).isEqualTo(2);
        }
    }

    /** Without a database nobody but this instance can tell. */
    @Test
    void anOlderCopyThatWasPutInItsPlaceIsNotServed() {
        ServiceUnderTest alone = new ServiceUnderTest(directory, (String) null);
        try (SwitchoverStorage before = alone.open(Phase.JSON_ONLY)) {
            before.repository(EXPENSES).create(expense("1"));
        }
        alone.crashedInto(older);
        try (SwitchoverStorage old = alone.open(Phase.JSON_ONLY)) {
            old.repository(EXPENSES).create(expense("2"));
            takeOver(() -> {
                openDirectory().close();
                return putTheOlderCopyInItsPlace();
            });
            awaitRefused(old, "went back in time");
        }
    }

    private Path putTheOlderCopyInItsPlace() {
        StoreDirectory kept = new StoreDirectory(directory);
        try (Stream<Path> present = Files.walk(directory);
                Stream<Path> copied = Files.walk(older)) {
            for (Path file : present.filter(Files::isRegularFile).toList()) {
                if (!file.equals(kept.takeOver())) {
                    Files.delete(file);
                }
            }
            for (Path file : copied.filter(Files::isRegularFile).toList()) {
                Files.copy(file, directory.resolve(older.relativize(file).toString()));
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void itDoesNotComeBeforeANewcomerThatAsksWhoeverHasTheDirectory() throws Exception {
        CountDownLatch mayOpen = new CountDownLatch(1);
        Logger log = (Logger) LoggerFactory.getLogger("dev.switchover.mirror");
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.addAppender(told);
        log.setLevel(Level.INFO);
        try (SwitchoverStorage old = service().open(Phase.JSON_ONLY)) {
            JsonStore holder = takeOver(this::openDirectory);
            awaitWaiting();
            CompletableFuture<JsonStore> next = CompletableFuture.supplyAsync(() -> takeOver(() -> {
                awaitUninterruptibly(mayOpen);
                return openDirectory();
            }));
            await().atMost(SOON).until(() -> Files.exists(new StoreDirectory(directory).takeOver()));
            holder.close();
            await().atMost(SOON)
                    .until(() -> List.copyOf(told.list).stream()
                            .anyMatch(line -> line.getFormattedMessage().contains("asks for the directory")));
            mayOpen.countDown();
            next.get().close();
            assertThat(createdAgain(old).id()).isEqualTo(1);
        } finally {
            mayOpen.countDown();
            log.detachAppender(told);
            log.setLevel(null);
        }
    }

    /** It would wait for the directory to keep the mirror of the other collection, too. */
    @Test
    void anInstanceOfTwoPhasesServesBothAgain() {
        Map<String, String> flags = new HashMap<>(ServiceUnderTest.flags(Phase.JSON_PRIMARY));
        flags.put("FF_USE_DATABASE_STORAGE_NOTES", "true");
        try (SwitchoverStorage old = service().open(flags)) {
            old.repository(EXPENSES).create(expense("1"));
            try (JsonStore command = takeOver(this::openDirectory)) {
                assertThat(command.holdsDirectory()).isTrue();
                awaitWaiting();
                old.repository(NOTES).save(new Note("a", "x"));
            }
            assertThat(createdAgain(old).id()).isEqualTo(2);
            assertThat(old.awaitInSync(SOON)).isTrue();
        }
        BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
    }

    @Test
    void whileItWaitsItCanBeClosed() {
        SwitchoverStorage old = service().open(Phase.JSON_ONLY);
        try (JsonStore command = takeOver(this::openDirectory)) {
            assertThat(command.holdsDirectory()).isTrue();
            awaitWaiting();
            old.close();
            assertThat(isWaiting()).isFalse();
        } finally {
            old.close();
        }
    }

    private static void awaitWaiting() {
        await().atMost(SOON).until(TakenBackTest::isWaiting);
    }

    private static boolean isWaiting() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("switchover-directory"));
    }
}
