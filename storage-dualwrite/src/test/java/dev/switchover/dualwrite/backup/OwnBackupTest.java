package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static dev.switchover.dualwrite.backup.SourceInMemory.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RequestFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class OwnBackupTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Optional<Retention> ONE = Optional.of(new Retention(OptionalInt.empty(), OptionalInt.of(1)));

    @TempDir
    Path directory;

    private static List<BackupKind> kinds(Backups backups) {
        return backups.list().stream().map(BackupFile::kind).toList();
    }

    @Test
    void aServiceWithoutADatabaseCatchesUpAMissedBackupAndCleansUp() throws Exception {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null);
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "text"));
            storage.backups().create();
            storage.backups().create();
        }
        String yesterday = Instant.now().minus(Duration.ofDays(1)).toString();
        Files.writeString(
                directory.resolve(".switchover/jobs.json"),
                "{\"backup\": {\"token\": 0, \"since\": \"" + yesterday + "\"}}");
        service.set("SWITCHOVER_BACKUP_SCHEDULE", "every 6h")
                .set("SWITCHOVER_BACKUP_CLEAN", "yes")
                .set("SWITCHOVER_BACKUP_KEEP_COUNT", "2");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            await().atMost(LONG)
                    .until(() -> kinds(storage.backups()).equals(List.of(BackupKind.SCHEDULED, BackupKind.MANUAL)));
            assertThat(storage.backups().verify("1").sound()).isTrue();
        }
    }

    @Test
    void inDatabasePhasesTheDatabaseKnowsWhatWasMissed() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(NOTES).save(new Note("a", "text"));
            }
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO switchover_job (name, token, holder, since, failures, message)"
                        + " VALUES ('backup', 0, '', now() - interval '8 days', 0, '')");
            }
            service.set("SWITCHOVER_BACKUP_SCHEDULE", "weekly@sun 03:00").set("SWITCHOVER_SCHEDULE_ZONE", "Asia/Tokyo");
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                await().atMost(LONG).until(() -> kinds(storage.backups()).contains(BackupKind.SCHEDULED));
            }
            assertThat(directory.resolve(".switchover/jobs.json")).doesNotExist();
        }
    }

    @Test
    void aBackupFollowsTheWritesAndNotTheStart() {
        ServiceUnderTest service =
                new ServiceUnderTest(directory, (String) null).set("SWITCHOVER_BACKUP_AFTER_WRITES", "24h");
        service.open(Phase.JSON_ONLY).close();
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.backups().list()).isEmpty();
            storage.repository(NOTES).save(new Note("a", "first"));
            assertThat(storage.awaitCopies(LONG)).isTrue();
            storage.repository(NOTES).save(new Note("a", "second"));
            storage.repository(NOTES).save(new Note("b", "third"));
        }
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.backups().list()).extracting(BackupFile::records).containsExactly(2L, 1L);
            assertThat(kinds(storage.backups())).containsOnly(BackupKind.SCHEDULED);
        }
    }

    @Test
    void whatIsWrongAboutTheSettingsStopsTheStart() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null)
                .set("SWITCHOVER_BACKUP_SCHEDULE", "at night")
                .set("SWITCHOVER_BACKUP_AFTER_WRITES", "soon")
                .set("SWITCHOVER_BACKUP_KEEP_DAYS", "-1")
                .set("SWITCHOVER_BACKUP_KEEP_COUNT", "5");
        assertThatThrownBy(() -> service.open(Phase.JSON_ONLY))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SWITCHOVER_BACKUP_SCHEDULE")
                .hasMessageContaining("SWITCHOVER_BACKUP_AFTER_WRITES")
                .hasMessageContaining("SWITCHOVER_BACKUP_KEEP_DAYS")
                .hasMessageContaining("SWITCHOVER_BACKUP_CLEAN");
    }

    private FolderBackups backups(SourceInMemory source, FinishedBackup then) {
        BackupSettings settings = BackupSettings.in(directory).andThen(then);
        return new FolderBackups(
                source,
                directory,
                new BackupMaker(settings, Clock.systemUTC()),
                (kind, arguments) -> "",
                Clock.systemUTC());
    }

    private static SourceInMemory things() {
        return new SourceInMemory().with(THINGS, thing("a", 1, "one"), thing("b", 2, "two"));
    }

    @Test
    void nothingIsCleanedUpAfterABackupThatIsNotReadBackAsItWasWritten() {
        FolderBackups whole = backups(things(), (file, kind) -> {});
        whole.create();
        whole.create();
        FolderBackups damaged = backups(things(), (file, kind) -> {
            byte[] content = Files.readAllBytes(file);
            content[content.length / 2] ^= 1;
            Files.write(file, content);
        });
        OwnBackup own = new OwnBackup(damaged, things().schemas(), ONE);
        assertThatThrownBy(() -> own.run(() -> {}))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("not read back as it was written");
        assertThat(damaged.list()).hasSize(3);
    }

    /** Made again at once it would be no better, so it is no failure that is tried again until the disk is full. */
    @Test
    void nothingIsCleanedUpAfterABackupThatLacksARow() {
        SourceInMemory source = things();
        backups(source, (file, kind) -> {}).create();
        source.with(
                THINGS,
                2,
                () -> List.of(thing("a", 1, "one"), thing("b", -1, "")).iterator());
        FolderBackups backups = backups(source, (file, kind) -> {});
        new OwnBackup(backups, source.schemas(), ONE).run(() -> {});
        assertThat(backups.list()).hasSize(2);
    }

    @Test
    void whoLostTheLeaseMeanwhileCleansNothingUp() {
        FolderBackups backups = backups(things(), (file, kind) -> {});
        backups.create();
        OwnBackup own = new OwnBackup(backups, things().schemas(), ONE);
        assertThatThrownBy(() -> own.run(() -> {
                    if (backups.list().size() == 2) {
                        throw new RequestFailedException("backup", "another instance runs it");
                    }
                }))
                .isInstanceOf(RequestFailedException.class);
        assertThat(backups.list()).hasSize(2);
    }
}
