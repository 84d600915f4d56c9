package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.WriteSavedAsideException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmergencyFilesTest {

    @TempDir
    Path directory;

    private TestDatabase database;
    private SwitchoverStorage storage;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        storage = new BackedUp(directory, database.url())
                .set("SWITCHOVER_EMERGENCY_FILES", "yes")
                .open(Phase.DB_ONLY);
        storage.repository(NOTES).save(new Note("a", "before"));
    }

    @AfterEach
    void close() {
        storage.close();
        database.close();
    }

    /** While this is done, every write of the table fails in a way that no retry cures. */
    private void without(String table, Runnable work) throws SQLException {
        sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$");
        sql("CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        try {
            work.run();
        } finally {
            sql("DROP FUNCTION refuse() CASCADE");
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = database.connect();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private Path failing(String text) throws SQLException {
        Path[] file = new Path[1];
        without(
                "notes",
                () -> file[0] = catchThrowableOfType(
                                WriteSavedAsideException.class,
                                () -> storage.repository(NOTES).save(new Note("a", text)))
                        .file());
        return file[0];
    }

    @Test
    void aWriteThatFailedIsSavedAndAppliedOnceWhenAskedFor() throws Exception {
        Path file = failing("after");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(storage.backups().emergencyFiles()).singleElement().satisfies(one -> {
            assertThat(one.state()).isEqualTo(EmergencyFile.State.WAITING);
            assertThat(one.writes()).containsExactly("PUT a of notes");
        });
        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "before"));

        storage.backups().applyEmergencyFile(file.getFileName().toString());

        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "after"));
        assertThat(storage.backups().emergencyFiles())
                .extracting(EmergencyFile::state)
                .containsExactly(EmergencyFile.State.APPLIED);
        assertThatThrownBy(() ->
                        storage.backups().applyEmergencyFile(file.getFileName().toString()))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("applied already");
    }

    @Test
    void itIsNeverAppliedOverSomethingNewer() throws Exception {
        Path file = failing("after");
        storage.repository(NOTES).save(new Note("a", "newer"));
        assertThatThrownBy(() -> storage.backups().applyEmergencyFile(file.toString()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("newer");
        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "newer"));
        assertThat(storage.backups().emergencyFiles())
                .extracting(EmergencyFile::state)
                .as("it stays where it is")
                .containsExactly(EmergencyFile.State.WAITING);
    }

    /** As in a phase with a mirror that is away, or refuses it: the mark has the version of the deletion. */
    private void deletedAndPending(long version, String parked) throws SQLException {
        storage.repository(NOTES).delete("a");
        sql("INSERT INTO switchover_pending (collection, id, version, unit, since, parked) VALUES ('notes', 'a', "
                + version + ", 0, now(), " + parked + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL", "'refused by the mirror'"})
    void aRecordWhoseDeletionIsKnownToBeNewerStaysDeleted(String parked) throws Exception {
        Path file = failing("after");
        deletedAndPending(1_000_000, parked);
        assertThatThrownBy(() -> storage.backups().applyEmergencyFile(file.toString()))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("record a of notes has been deleted since");
        assertThat(storage.repository(NOTES).findById("a")).isEmpty();
        assertThat(storage.backups().emergencyFiles())
                .extracting(EmergencyFile::state)
                .containsExactly(EmergencyFile.State.WAITING);
    }

    @Test
    void aDeletionFromBeforeTheWriteHindersNobody() throws Exception {
        Path file = failing("after");
        deletedAndPending(1, "NULL");
        storage.backups().applyEmergencyFile(file.toString());
        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "after"));
    }

    @Test
    void anExpectedVersionIsKept() throws Exception {
        long version =
                storage.repository(NOTES).findVersioned("a").orElseThrow().version();
        Path[] file = new Path[1];
        without(
                "notes",
                () -> file[0] = catchThrowableOfType(
                                WriteSavedAsideException.class,
                                () -> storage.repository(NOTES).save(new Note("a", "by version"), version))
                        .file());
        assertThat(Files.readString(file[0])).contains("\"expected\":" + version);
        storage.backups().applyEmergencyFile(file[0].toString());
        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "by version"));
    }

    @Test
    void aUnitOfWorkIsSavedAndAppliedWhole() throws Exception {
        without(
                "notes",
                () -> assertThatThrownBy(() -> storage.inUnitOfWork(work -> {
                            work.on(NOTES).save(new Note("b", "with it"));
                            return work.on(EXPENSES).create(ServiceUnderTest.expense("7.00"));
                        }))
                        .isInstanceOf(WriteSavedAsideException.class));
        assertThat(storage.repository(NOTES).findById("b")).isEmpty();
        storage.backups()
                .applyEmergencyFile(storage.backups().emergencyFiles().get(0).name());
        assertThat(storage.repository(NOTES).findById("b")).isPresent();
        assertThat(storage.repository(EXPENSES).findAll()).hasSize(1);
    }

    @Test
    void whatIsTheCallersMistakeIsNotSaved() {
        assertThatThrownBy(() -> storage.repository(NOTES).save(new Note("a", "x"), 99))
                .isInstanceOf(VersionConflictException.class);
        assertThat(storage.backups().emergencyFiles()).isEmpty();
    }

    /** An answer that never came says nothing, and a new id nothing either: the same expense must not be there twice. */
    @Test
    void aNewRecordThatWasMadeAlthoughNobodyKnewIsNotMadeAgain() throws Exception {
        Path[] file = new Path[1];
        without(
                "expenses",
                () -> file[0] = catchThrowableOfType(
                                WriteSavedAsideException.class,
                                () -> storage.repository(EXPENSES).create(ServiceUnderTest.expense("7.00")))
                        .file());
        EmergencyWrites saved = EmergencyWrites.parse(Files.readAllBytes(file[0]));
        Files.write(file[0], new EmergencyWrites(saved.time(), "UnknownOutcomeException", saved.writes()).file());
        assertThat(storage.backups().emergencyFiles())
                .singleElement()
                .satisfies(one -> assertThat(one.maybeDone()).isTrue());

        storage.repository(EXPENSES).create(ServiceUnderTest.expense("8.00"));
        long made = storage.repository(EXPENSES)
                .create(ServiceUnderTest.expense("7.00"))
                .id();
        assertThatThrownBy(() -> storage.backups().applyEmergencyFile(file[0].toString()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("record " + made + " of expenses");
        assertThat(storage.repository(EXPENSES).count()).isEqualTo(2);

        storage.repository(EXPENSES).delete(made);
        storage.backups().applyEmergencyFile(file[0].toString());
        assertThat(storage.repository(EXPENSES).count()).isEqualTo(2);
    }

    /** A clock that was set back gives a time again. */
    @Test
    void filesOfOneMomentHaveNamesThatNobodyHadBefore() {
        EmergencyFiles files =
                new EmergencyFiles(directory, java.time.Clock.fixed(java.time.Instant.EPOCH, java.time.ZoneOffset.UTC));
        java.util.Set<String> names = new java.util.HashSet<>();
        for (int i = 0; i < 5; i++) {
            StorageException saved = files.save(
                    List.of(), schema -> 0, new dev.switchover.storage.UnknownOutcomeException("no answer", null));
            Path file = ((WriteSavedAsideException) saved).file();
            assertThat(names.add(file.getFileName().toString())).isTrue();
            assertThat(file.toFile().renameTo(new java.io.File(file + ".begun")))
                    .isTrue();
        }
    }

    @Test
    void aDamagedFileIsNamedAndChangesNothing() throws Exception {
        Path file = failing("after");
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i += 7) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThat(storage.backups().emergencyFiles().get(0).problem())
                    .as("byte " + i)
                    .isNotNull();
        }
        assertThatThrownBy(() -> storage.backups().applyEmergencyFile(file.toString()))
                .isInstanceOf(BackupException.class);
        assertThat(storage.repository(NOTES).findById("a")).contains(new Note("a", "before"));
    }

    @Test
    void aFileSomebodyBeganToApplyIsNotAppliedAgain() throws Exception {
        Path file = failing("after");
        Files.move(file, file.resolveSibling(file.getFileName() + ".begun"));
        assertThatThrownBy(() -> storage.backups().applyEmergencyFile(file + ".begun"))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("begun");
    }

    @Test
    void withoutTheOptionNothingIsSaved(@TempDir Path other) throws SQLException, IOException {
        try (TestDatabase own = TestDatabase.create();
                SwitchoverStorage plain = new BackedUp(other, own.url()).open(Phase.DB_ONLY);
                Connection connection = own.connect();
                Statement run = connection.createStatement()) {
            run.execute(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$");
            run.execute("CREATE TRIGGER refuse BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION refuse()");
            assertThatThrownBy(() -> plain.repository(NOTES).save(new Note("a", "x")))
                    .isInstanceOf(StorageException.class)
                    .isNotInstanceOf(WriteSavedAsideException.class);
            assertThat(other.resolve("backups")).doesNotExist();
        }
    }

    @Test
    void verifiedWritesAreReadBack(@TempDir Path other) throws SQLException {
        try (TestDatabase own = TestDatabase.create();
                SwitchoverStorage verified = new BackedUp(other, own.url())
                        .set("SWITCHOVER_VERIFIED_WRITES", "yes")
                        .open(Phase.DB_ONLY);
                Connection connection = own.connect();
                Statement run = connection.createStatement()) {
            BackedUp.fill(verified);
            BackedUp.change(verified);
            verified.repository(NOTES).saveAll(List.of(new Note("x", "1"), new Note("y", "2")));
            // Somebody changes what is written, behind the library's back.
            run.execute("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " NEW.body = '{\"id\":\"z\",\"text\":\"spoiled\"}'; RETURN NEW; END $$");
            run.execute("CREATE TRIGGER spoil BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION spoil()");
            assertThatThrownBy(() -> verified.repository(NOTES).save(new Note("z", "mine")))
                    .isInstanceOf(dev.switchover.storage.UnknownOutcomeException.class)
                    .hasMessageContaining("read back");
        }
    }
}
