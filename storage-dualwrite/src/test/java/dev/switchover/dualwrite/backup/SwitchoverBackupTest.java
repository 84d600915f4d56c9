package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchoverBackupTest {

    @TempDir
    Path directory;

    @Test
    void eachChangeOfAuthorityLeavesABackupOfWhatTheOldOneHad() {
        try (TestDatabase database = TestDatabase.create()) {
            BackedUp service = new BackedUp(directory, database.url());
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                BackedUp.fill(storage);
                assertThat(storage.backups().list())
                        .as("no authority has changed")
                        .isEmpty();
            }
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                List<Object> before = BackedUp.everything(storage);
                List<BackupFile> made = storage.backups().list();
                assertThat(made).hasSize(3).allSatisfy(file -> {
                    assertThat(file.kind()).isEqualTo(BackupKind.BEFORE_SWITCHOVER);
                    assertThat(file.collections().get(0).phase()).isEqualTo(Phase.JSON_PRIMARY);
                    assertThat(storage.backups().verify(file.name()).problems()).isEmpty();
                });
                BackedUp.change(storage);
                made.forEach(file -> storage.backups().restore(file.name(), List.of()));
                assertThat(BackedUp.everything(storage)).isEqualTo(before);
            }
            try (SwitchoverStorage storage =
                    service.set("SWITCHOVER_BACKUP_BEFORE_SWITCHOVER", "no").open(Phase.JSON_ONLY)) {
                assertThat(storage.backups().list())
                        .filteredOn(file -> file.kind() == BackupKind.BEFORE_SWITCHOVER)
                        .hasSize(3);
            }
        }
    }

    @Test
    void withoutItsBackupAnAuthorityIsNotChanged() throws IOException {
        Path noFolder = Files.writeString(directory.resolve("in-the-way"), "");
        try (TestDatabase database = TestDatabase.create()) {
            BackedUp service =
                    new BackedUp(directory, database.url()).set("SWITCHOVER_BACKUP_FOLDER", noFolder.toString());
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                BackedUp.fill(storage);
            }
            assertThatThrownBy(() -> service.open(Phase.DB_ONLY))
                    .isInstanceOf(StartRefusedException.class)
                    .satisfies(refused ->
                            assertThat(((StartRefusedException) refused).code()).isEqualTo("BACKUP-FAILED"));
            try (SwitchoverStorage storage = service.open(Phase.JSON_PRIMARY)) {
                storage.repository(NOTES).save(new Note("z", "JSON serves on"));
            }
        }
    }

    @Test
    void aBatchOfWritesIsPrecededByABackupWhenAskedFor() {
        try (SwitchoverStorage storage = new BackedUp(directory, null).open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "before"));
            storage.saveAllAfterBackup(NOTES, List.of(new Note("a", "after"), new Note("b", "new")));
            BackupFile made = storage.backups().list().get(0);
            assertThat(made.kind()).isEqualTo(BackupKind.BEFORE_WRITE_BATCH);
            assertThat(made.records()).isEqualTo(1);
            storage.backups().restore(made.name(), List.of());
            assertThat(storage.repository(NOTES).findAll()).containsExactly(new Note("a", "before"));
        }
    }
}
