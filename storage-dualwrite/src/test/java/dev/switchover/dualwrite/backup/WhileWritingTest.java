package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.backup.BackedUp.SECTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.backup.BackedUp.Section;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups and restores of a service that is written to all the time. */
@Timeout(120)
class WhileWritingTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** Two collections that every unit of work gives the same number. */
    @ParameterizedTest
    @EnumSource(Phase.class)
    void eachBackupIsOfOneMomentAndHasWhatWasAcknowledged(Phase phase) throws Exception {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = new BackedUp(directory, database.url()).open(phase)) {
            AtomicBoolean enough = new AtomicBoolean();
            AtomicReference<Integer> acknowledged = new AtomicReference<>(0);
            ExecutorService writer = Executors.newSingleThreadExecutor();
            try {
                write(storage, 0);
                Future<?> writing = writer.submit(() -> {
                    for (int i = 1; !enough.get(); i++) {
                        write(storage, i);
                        acknowledged.set(i);
                    }
                });
                for (int i = 0; i < 12; i++) {
                    int before = acknowledged.get();
                    Path file = storage.backups().create().toPath();
                    assertThat(storage.backups().verify(file.toString()).problems())
                            .isEmpty();
                    List<Integer> numbers = numbers(file);
                    assertThat(numbers).hasSize(2).containsOnly(numbers.get(0));
                    assertThat(numbers.get(0)).isGreaterThanOrEqualTo(before);
                }
                enough.set(true);
                writing.get();
            } finally {
                enough.set(true);
                writer.shutdownNow();
            }
        }
    }

    private static void write(SwitchoverStorage storage, int number) {
        storage.inUnitOfWork(work -> {
            work.on(NOTES).save(new Note("same", String.valueOf(number)));
            return work.on(SECTIONS).save(new Section("same", String.valueOf(number)));
        });
    }

    private static List<Integer> numbers(Path file) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (BackupReader reader = BackupReader.open(file)) {
            for (BackupLine line = reader.next(); line != null; line = reader.next()) {
                if (!line.record().id().isEnvelope()) {
                    String body = new String(line.record().body(), java.nio.charset.StandardCharsets.UTF_8);
                    numbers.add(Integer.valueOf(body.replaceAll("\\D", "")));
                }
            }
        }
        return numbers;
    }

    /** It is in no backup, and nobody has decided against it. */
    @ParameterizedTest
    @EnumSource(Phase.class)
    void whatIsWrittenBetweenTheSafetyBackupAndTheRestoreIsSavedAside(Phase phase) throws IOException {
        AtomicReference<SwitchoverStorage> open = new AtomicReference<>();
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = new BackedUp(directory, database.url())
                        .builder(phase)
                        .backups(settings -> settings.andThen((file, kind) -> {
                            if (kind == BackupKind.BEFORE_RESTORE) {
                                open.get().repository(NOTES).save(new Note("b", "changed meanwhile"));
                                open.get().repository(NOTES).save(new Note("m", "created meanwhile"));
                                open.get().repository(NOTES).delete("d");
                            }
                        }))
                        .open()) {
            open.set(storage);
            BackedUp.fill(storage);
            List<Object> before = BackedUp.everything(storage);
            String backup = storage.backups().create().name();
            BackedUp.change(storage);

            RestoreReport report = storage.backups().restore(backup, List.of());

            assertThat(BackedUp.everything(storage)).isEqualTo(before);
            assertThat(storage.awaitInSync(LONG)).isTrue();
            assertThat(report.writtenMeanwhile())
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readString(Path.of(file)))
                            .contains("changed meanwhile", "created meanwhile", report.safetyBackup())
                            .doesNotContain("came back last", "\\\"e\\\""));
            assertThat(storage.backups().scan(RecoveryOptions.ALL, found -> {}).sources())
                    .as("recover finds them")
                    .filteredOn(source -> source.kind() == RecoveryScan.Kind.ASIDE)
                    .singleElement()
                    .satisfies(source -> assertThat(source.records()).isEqualTo(2));
        }
    }
}
