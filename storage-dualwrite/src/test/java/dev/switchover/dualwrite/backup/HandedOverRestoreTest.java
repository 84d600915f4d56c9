package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RequestFailedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A restore that the directory's holder was asked for is under way when a newcomer asks for the directory. */
@Timeout(180)
class HandedOverRestoreTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.switchover.request");

    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestDatabase database;
    private String backup;

    @BeforeEach
    void makeABackup() {
        LOG.setLevel(Level.INFO);
        log.start();
        LOG.addAppender(log);
        database = TestDatabase.create();
        try (SwitchoverStorage storage = service().open(Phase.DB_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "as it was"));
            backup = storage.backups().create().name();
            storage.repository(NOTES).save(new Note("a", "changed"));
        }
    }

    @AfterEach
    void dropDatabase() {
        LOG.detachAppender(log);
        LOG.setLevel(null);
        database.close();
    }

    private BackedUp service() {
        return new BackedUp(directory, database.url());
    }

    /** Whatever writes notes in PostgreSQL waits from now on. */
    private void closeGate() throws SQLException {
        execute(
                "CREATE TABLE gate (closed boolean); INSERT INTO gate VALUES (true);"
                        + " CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " WHILE EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP; RETURN NULL; END $$;"
                        + " CREATE TRIGGER wait_at_gate BEFORE INSERT OR UPDATE OR DELETE ON notes EXECUTE FUNCTION wait_at_gate()");
    }

    private void openGate() throws SQLException {
        execute("DELETE FROM gate");
    }

    private boolean somebodyWaitsAtTheGate() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event = 'PgSleep')")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Begun by the holder, and not ended while the gate is closed. */
    private CompletableFuture<RestoreReport> restoreUnderWay() throws SQLException {
        closeGate();
        CompletableFuture<RestoreReport> asked = CompletableFuture.supplyAsync(
                () -> service().operator(Phase.DB_PRIMARY).backups().restore(backup, List.of()));
        await().atMost(SOON).until(this::somebodyWaitsAtTheGate);
        return asked;
    }

    private static CompletableFuture<SwitchoverStorage> newcomer(BackedUp service) {
        service.set("SWITCHOVER_TAKE_OVER", "true").set("SWITCHOVER_SWITCH_TIMEOUT", "2m");
        return CompletableFuture.supplyAsync(() -> service.open(Phase.DB_PRIMARY));
    }

    private boolean isLogged(Level level, String text) {
        return List.copyOf(log.list).stream()
                .anyMatch(event ->
                        event.getLevel() == level && event.getFormattedMessage().contains(text));
    }

    /** Each is made by a restore that was begun. */
    private static List<BackupFile> safetyBackups(SwitchoverStorage storage) {
        return storage.backups().list().stream()
                .filter(file -> file.kind() == BackupKind.BEFORE_RESTORE)
                .toList();
    }

    @Test
    void itEndsAndIsToldBeforeTheDirectoryIsHandedOver() throws Exception {
        try (SwitchoverStorage old =
                service().set("SWITCHOVER_CLOSE_TIMEOUT", "50s").open(Phase.DB_PRIMARY)) {
            CompletableFuture<RestoreReport> asked = restoreUnderWay();
            CompletableFuture<SwitchoverStorage> coming = newcomer(service());
            await().atMost(SOON)
                    .until(() -> coming.isDone() || isLogged(Level.INFO, "is handed over when this has ended"));
            openGate();
            try (SwitchoverStorage fresh = coming.get()) {
                RestoreReport report = asked.get();
                assertThat(safetyBackups(fresh)).extracting(BackupFile::name).containsExactly(report.safetyBackup());
                assertThat(report.mirrorsInSync()).isTrue();
                assertThat(fresh.repository(NOTES).findAll()).containsExactly(new Note("a", "as it was"));
                assertThat(old.status().holdsDirectory()).isFalse();
            }
        }
    }

    @Test
    void whatHasNotEndedInTimeIsToldAndNotDoneAgain() throws Exception {
        try (SwitchoverStorage old =
                service().set("SWITCHOVER_CLOSE_TIMEOUT", "1ms").open(Phase.DB_PRIMARY)) {
            CompletableFuture<RestoreReport> asked = restoreUnderWay();
            try (SwitchoverStorage fresh = newcomer(service()).get()) {
                assertThatThrownBy(asked::get)
                        .hasCauseInstanceOf(RequestFailedException.class)
                        .hasMessageContaining("may have been done");
                assertThat(isLogged(Level.WARN, "may have been done")).isTrue();
                openGate();
                await().atMost(SOON)
                        .until(() -> fresh.repository(NOTES).findAll(), List.of(new Note("a", "as it was"))::equals);
                // One at a time: behind this, the restore has been begun again, or never will be.
                service().operator(Phase.DB_PRIMARY).verifyInService("notes", true, SOON, RequestProgress.NONE);
                assertThat(safetyBackups(fresh)).hasSize(1);
                assertThat(old.status().holdsDirectory()).isFalse();
            }
        }
    }
}
