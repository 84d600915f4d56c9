package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.Versioned;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTest {

    private static final List<String> ALL = List.of();

    @TempDir
    Path directory;

    private TestDatabase database;

    @org.junit.jupiter.api.BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @org.junit.jupiter.api.AfterEach
    void dropDatabase() {
        database.close();
    }

    private BackedUp service() {
        return new BackedUp(directory, database.url());
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void everythingIsAsItWasAndBothStoresAreEqual(Phase phase) {
        List<Object> before;
        try (SwitchoverStorage storage = service().open(phase)) {
            BackedUp.fill(storage);
            before = BackedUp.everything(storage);
            Versioned<Expense> third = BackedUp.third(storage);
            String backup = storage.backups().create().name();
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            assertThat(changed).isNotEqualTo(before);

            RestorePlan plan = storage.backups().plan(backup, ALL);
            assertThat(BackedUp.everything(storage))
                    .as("a plan changes nothing")
                    .isEqualTo(changed);
            RestoreReport report = storage.backups().restore(backup, ALL);

            assertThat(BackedUp.everything(storage)).isEqualTo(before);
            assertThat(report.plan()).isEqualTo(plan);
            assertThat(report.mirrorsInSync()).isTrue();
            for (int i = 0; i < 3; i++) {
                RestorePlan.Changes changes = plan.collections().get(i);
                RestoreReport.Done done = report.collections().stream()
                        .filter(one -> one.name().equals(changes.name()))
                        .findFirst()
                        .orElseThrow();
                assertThat(done)
                        .isEqualTo(new RestoreReport.Done(
                                changes.name(),
                                changes.added() + changes.changed(),
                                changes.removed(),
                                changes.equal()));
            }
            RestorePlan.Changes expenses = plan.collections().get(0);
            assertThat(expenses.addedIds()).containsExactly("2");
            assertThat(expenses.changedIds()).containsExactly("3");
            assertThat(expenses.removedIds()).containsExactly("6");
            assertThat(expenses.equal()).isEqualTo(3);
            assertThat(plan.collections().get(2).changedIds()).containsExactly("", "a");

            assertThatThrownBy(() -> storage.repository(EXPENSES).save(third.record(), third.version()))
                    .isInstanceOf(VersionConflictException.class);
            assertThat(storage.repository(EXPENSES)
                            .create(ServiceUnderTest.expense("1.00"))
                            .id())
                    .as("an id that was never given")
                    .isEqualTo(7);
            storage.repository(NOTES).save(new Note("z", "last"));
            assertThat(storage.repository(NOTES).findAll())
                    .extracting(Note::id)
                    .containsExactly("b", "a", "d", "c", "z");
            assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();

            // What was there before is there to be had again.
            storage.backups().restore(report.safetyBackup(), ALL);
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
            assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
        }
        if (phase.mirrored()) {
            service().assertBothStoresEqual();
        }
        try (SwitchoverStorage storage = service().open(phase)) {
            assertThat(storage.backups().list())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(
                                    storage.backups().verify(file.name()).problems())
                            .isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({"JSON_ONLY, DB_PRIMARY", "DB_PRIMARY, JSON_PRIMARY", "DB_ONLY, JSON_ONLY", "JSON_PRIMARY, DB_ONLY"})
    void aBackupOfOnePhaseIsRestoredInAnother(Phase from, Phase to) {
        List<Object> before;
        try (SwitchoverStorage storage = service().open(from)) {
            BackedUp.fill(storage);
            before = BackedUp.everything(storage);
            storage.backups().create();
            BackedUp.change(storage);
        }
        try (SwitchoverStorage storage = service().open(to)) {
            storage.backups().restore("manual", ALL);
            assertThat(BackedUp.everything(storage)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void anOperatorRestoresBesideTheService(Phase phase) {
        try (SwitchoverStorage storage = service().open(phase);
                Operator operator = service().operator(phase)) {
            BackedUp.fill(storage);
            List<Object> before = BackedUp.everything(storage);
            String backup = operator.backups().create().name();
            assertThat(operator.backups().list().get(0).collections().get(0).phase())
                    .isEqualTo(phase);
            BackedUp.change(storage);
            assertThat(operator.backups().plan(backup, ALL).changesNothing()).isFalse();
            RestoreReport report = operator.backups().restore(backup, ALL);
            assertThat(BackedUp.everything(storage)).isEqualTo(before);
            assertThat(report.mirrorsInSync()).isTrue();
            assertThat(operator.backups().plan(backup, ALL).changesNothing()).isTrue();
        }
        if (phase.mirrored()) {
            service().assertBothStoresEqual();
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void anOperatorRestoresWithoutAService(Phase phase) {
        List<Object> before;
        try (SwitchoverStorage storage = service().open(phase)) {
            BackedUp.fill(storage);
            before = BackedUp.everything(storage);
            storage.backups().create();
            BackedUp.change(storage);
        }
        try (Operator operator = service().operator(phase)) {
            RestoreReport report = operator.backups().restore("manual", ALL);
            assertThat(report.mirrorsInSync()).isTrue();
        }
        if (phase.mirrored()) {
            service().assertBothStoresEqual();
        }
        try (SwitchoverStorage storage = service().open(phase)) {
            assertThat(BackedUp.everything(storage)).isEqualTo(before);
        }
    }

    @Test
    void oneCollectionIsRestoredAndTheOthersStay() {
        try (SwitchoverStorage storage = service().open(Phase.DB_PRIMARY)) {
            BackedUp.fill(storage);
            List<Object> before = BackedUp.everything(storage);
            storage.backups().create();
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            storage.backups().restore("1", List.of("notes"));
            assertThat(BackedUp.everything(storage).get(1)).isEqualTo(before.get(1));
            assertThat(BackedUp.everything(storage).get(0)).isEqualTo(changed.get(0));
            assertThat(BackedUp.everything(storage).get(3)).isEqualTo(changed.get(3));
        }
    }

    @Test
    void aBackupFromAnotherServiceKeepsItsOrderAndIdsGoOnBehindBoth(@TempDir Path elsewhere) {
        String backup;
        try (SwitchoverStorage other = new BackedUp(elsewhere, null).open(Phase.JSON_ONLY)) {
            for (int i = 0; i < 30; i++) {
                Expense created = other.repository(EXPENSES).create(ServiceUnderTest.expense("1.00"));
                if (i < 28) {
                    other.repository(EXPENSES).delete(created.id());
                }
            }
            backup = other.backups().create().path();
        }
        try (SwitchoverStorage storage = service().open(Phase.DB_PRIMARY)) {
            storage.repository(EXPENSES).create(ServiceUnderTest.expense("5.00"));
            storage.backups().restore(backup, List.of("expenses"));
            assertThat(storage.repository(EXPENSES).findAll())
                    .extracting(Expense::id)
                    .containsExactly(29L, 30L);
            assertThat(storage.repository(EXPENSES)
                            .create(ServiceUnderTest.expense("6.00"))
                            .id())
                    .isEqualTo(31);
            assertThat(storage.repository(EXPENSES).findAll())
                    .extracting(Expense::id)
                    .containsExactly(29L, 30L, 31L);
        }
        service().assertBothStoresEqual();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_ONLY"})
    void aDamagedBackupChangesNothing(Phase phase) throws IOException {
        try (SwitchoverStorage storage = service().open(phase)) {
            BackedUp.fill(storage);
            Path backup = storage.backups().create().toPath();
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            byte[] whole = Files.readAllBytes(backup);
            whole[whole.length - 200] ^= 1;
            Files.write(backup, whole);
            assertThatThrownBy(() -> storage.backups().plan("manual", ALL)).isInstanceOf(BackupException.class);
            assertThatThrownBy(() -> storage.backups().restore("manual", ALL))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("damaged");
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
            assertThat(storage.backups().list())
                    .as("no safety backup was needed")
                    .hasSize(1);
        }
    }

    @Test
    void aSafetyBackupThatIsNotReadBackAsItWasWrittenStopsTheRestore() {
        try (SwitchoverStorage storage = service()
                .builder(Phase.DB_ONLY)
                .backups(settings -> settings.andThen((file, kind) -> {
                    if (kind == BackupKind.BEFORE_RESTORE) {
                        byte[] content = Files.readAllBytes(file);
                        content[content.length / 2] ^= 1;
                        Files.write(file, content);
                    }
                }))
                .open()) {
            BackedUp.fill(storage);
            storage.backups().create();
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            assertThatThrownBy(() -> storage.backups().restore("manual", ALL))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("not read back");
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
        }
    }

    @Test
    void withoutASafetyBackupNothingIsRestored() throws IOException {
        Path notAFolder = Files.writeString(directory.resolve("not-a-folder"), "");
        List<Object> changed;
        Path backup;
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            BackedUp.fill(storage);
            backup = storage.backups().create().toPath();
            BackedUp.change(storage);
            changed = BackedUp.everything(storage);
        }
        BackedUp full = service().set("SWITCHOVER_BACKUP_FOLDER", notAFolder.toString());
        try (SwitchoverStorage storage = full.open(Phase.JSON_ONLY)) {
            assertThatThrownBy(() -> storage.backups().restore(backup.toString(), ALL))
                    .isInstanceOf(BackupException.class);
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
        }
    }

    private String forged(RawRecord... records) {
        CollectionSchema<Note, String> notes = CollectionSchema.of(NOTES);
        SourceInMemory other = new SourceInMemory().with(notes, records);
        return new BackupMaker(BackupSettings.in(directory.resolve("forged")), java.time.Clock.systemUTC())
                .make(other, BackupKind.MANUAL, other.schemas())
                .path();
    }

    /** Whole, with every checksum right, and still nothing a store could hold exactly. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\",\"text\":\"\\u0000\"}",
                "{\"id\":\"a\",\"text\":\"x\",\"text\":\"y\"}",
                "{\"id\":\"b\",\"text\":\"another id\"}",
                "{\"id\":\"a\",\"text\":\"\\ud800\"}",
                "{\"id\":\"a\",\"more\":1e999999}",
                "{\"id\":\"a\"} {}"
            })
    void aRecordThatNoStoreCouldHoldIsNotRestored(String body) {
        String forged = forged(SourceInMemory.record("a", 1, 1, body));
        try (SwitchoverStorage storage = service().open(Phase.JSON_PRIMARY)) {
            storage.repository(NOTES).save(new Note("a", "before"));
            assertThatThrownBy(() -> storage.backups().restore(forged, ALL)).isInstanceOf(BackupException.class);
            assertThat(storage.repository(NOTES).findAll()).containsExactly(new Note("a", "before"));
            assertThat(storage.backups().list()).isEmpty();
        }
    }

    /** What was checked is what is restored. */
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_ONLY"})
    void aBackupThatIsReplacedBehindItsCheckIsNotRestored(Phase phase) {
        Path wanted = directory.resolve("wanted.json");
        Path another = Path.of(forged(SourceInMemory.record("x", 1, 1, "{\"id\":\"x\",\"text\":\"not asked for\"}")));
        try (SwitchoverStorage storage = service()
                .builder(phase)
                .backups(settings -> settings.andThen((file, kind) -> {
                    if (kind == BackupKind.BEFORE_RESTORE) {
                        Files.copy(another, wanted, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    }
                }))
                .open()) {
            BackedUp.fill(storage);
            try {
                Files.move(storage.backups().create().toPath(), wanted);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            assertThatThrownBy(() -> storage.backups().restore(wanted.toString(), List.of("notes")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("was changed");
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
        }
    }

    @Test
    void ifOneCollectionCannotBeRestoredTheOthersOfItsStoreStayToo() throws Exception {
        try (SwitchoverStorage storage = service().open(Phase.DB_PRIMARY);
                java.sql.Connection connection = database.connect();
                java.sql.Statement statement = connection.createStatement()) {
            BackedUp.fill(storage);
            storage.backups().create();
            BackedUp.change(storage);
            List<Object> changed = BackedUp.everything(storage);
            statement.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN RAISE EXCEPTION 'no'; END $$");
            statement.execute("CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON sections"
                    + " FOR EACH ROW EXECUTE FUNCTION refuse()");
            assertThatThrownBy(() -> storage.backups().restore("manual", ALL))
                    .isInstanceOf(dev.switchover.storage.StorageException.class);
            assertThat(BackedUp.everything(storage)).isEqualTo(changed);
            statement.execute("DROP FUNCTION refuse() CASCADE");
            storage.backups().restore("manual", ALL);
            assertThat(BackedUp.everything(storage)).isNotEqualTo(changed);
        }
    }

    @Test
    void aBackupWithACollectionTheServiceDoesNotKnowIsRefusedUnlessOthersAreNamed() throws IOException {
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            SourceInMemory other = new SourceInMemory()
                    .with(SourceInMemory.THINGS, SourceInMemory.thing("a", 1, "x"))
                    .with(dev.switchover.storage.schema.CollectionSchema.of(NOTES), SourceInMemory.thing("n", 1, "x"));
            String path = new BackupMaker(BackupSettings.in(directory.resolve("backups")), java.time.Clock.systemUTC())
                    .make(other, BackupKind.MANUAL, other.schemas())
                    .path();
            assertThatThrownBy(() -> storage.backups().restore(path, ALL))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("things");
            storage.backups().restore(path, List.of("notes"));
            assertThat(storage.repository(NOTES).findAll()).containsExactly(new Note("n", "x"));
        }
    }
}
