package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTest {

    @TempDir
    Path directory;

    private BackedUp service() {
        return new BackedUp(directory, null);
    }

    private static List<String> ids(SwitchoverStorage storage) {
        return storage.repository(NOTES).findAll().stream().map(Note::id).toList();
    }

    private static void save(SwitchoverStorage storage, String id, String text) {
        storage.repository(NOTES).save(new Note(id, text));
    }

    private static RecoveryScan.Found notes(RecoveryScan scan) {
        return scan.collections().stream()
                .filter(one -> one.name().equals("notes"))
                .findFirst()
                .orElseThrow();
    }

    private static RecoveryScan.Source source(RecoveryScan scan, String part) {
        return scan.sources().stream()
                .filter(one -> one.name().contains(part))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void whatWasLostComesBackAndWhatIsNewerStays(BackupEncoding encoding) {
        BackedUp service = service().set("SWITCHOVER_BACKUP_ENCODING", encoding.name());
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            save(storage, "a", "first");
            save(storage, "b", "first");
            storage.backups().create();
            save(storage, "a", "second");
            storage.backups().create();
            storage.repository(NOTES).delete("a");
            storage.repository(NOTES).delete("b");
            save(storage, "b", "made anew");
            save(storage, "c", "only here");

            List<FoundRecord> found = new ArrayList<>();
            RecoveryScan scan = storage.backups().scan(RecoveryOptions.ALL, found::add);
            assertThat(notes(scan).ids()).isEqualTo(3);
            assertThat(notes(scan).missingIds()).containsExactly("a");
            assertThat(notes(scan).deletedLater()).isEqualTo(1);
            assertThat(notes(scan).newer()).isZero();
            assertThat(found)
                    .filteredOn(one -> one.id().equals("a"))
                    .hasSize(2)
                    .filteredOn(FoundRecord::newest)
                    .hasSize(1);
            assertThat(found).filteredOn(one -> one.id().equals("b")).hasSize(3);
            assertThat(ids(storage)).as("a scan changes nothing").containsExactly("b", "c");

            RecoveryReport report = storage.backups().recover(RecoveryOptions.ALL);
            assertThat(storage.repository(NOTES).findAll())
                    .containsExactlyInAnyOrder(
                            new Note("a", "second"), new Note("b", "made anew"), new Note("c", "only here"));
            assertThat(storage.backups().verify(report.collected()).problems()).isEmpty();
            assertThat(storage.backups().scan(RecoveryOptions.ALL, one -> {}).nothingToRecover())
                    .isTrue();
        }
    }

    @Test
    void whatWasDeletedStaysSoIfThatIsWanted() {
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            save(storage, "a", "first");
            storage.backups().create();
            storage.repository(NOTES).delete("a");
            save(storage, "b", "later");
            storage.backups().recover(RecoveryOptions.ALL.withoutDeleted());
            assertThat(ids(storage)).containsExactly("b");
        }
    }

    @Test
    void itNeverMattersWhichFileComesFirst(@TempDir Path one, @TempDir Path two) throws IOException {
        List<Path> backups = new ArrayList<>();
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            for (int i = 0; i < 6; i++) {
                save(storage, "same", "text " + i);
                save(storage, "of " + i, "text");
                backups.add(storage.backups().create().toPath());
                storage.repository(NOTES).delete("of " + i);
            }
            storage.repository(NOTES).delete("same");
        }
        List<byte[]> results = new ArrayList<>();
        for (Path folder : List.of(one, two)) {
            // Under other names, so that they are found in another order.
            Collections.shuffle(backups, new Random(folder.equals(one) ? 1 : 2));
            Path shuffled = Files.createDirectory(folder.resolve("shuffled"));
            for (int i = 0; i < backups.size(); i++) {
                Files.copy(backups.get(i), shuffled.resolve("file-" + i));
            }
            BackedUp fresh = new BackedUp(folder.resolve("data"), null);
            Files.createDirectory(folder.resolve("data"));
            try (Operator operator = fresh.operator(Phase.JSON_ONLY)) {
                RecoveryOptions options = RecoveryOptions.ALL.withMore(List.of(shuffled));
                assertThat(notes(operator.backups().scan(options, each -> {})).ids())
                        .isEqualTo(7);
                assertThatThrownBy(() -> operator.backups().recover(options))
                        .as("nobody is known to be right in a directory that was never served")
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("start the service once");
                Path collected = operator.backups().list().get(0).toPath();
                String text = Files.readString(collected);
                results.add(text.substring(text.indexOf('\n')).getBytes(StandardCharsets.UTF_8));
                assertThat(text).contains("text 5").doesNotContain("text 4");
            }
        }
        String first = new String(results.get(0), StandardCharsets.UTF_8);
        String second = new String(results.get(1), StandardCharsets.UTF_8);
        assertThat(withoutChecksum(first)).isEqualTo(withoutChecksum(second));
    }

    private static String withoutChecksum(String text) {
        return text.substring(0, text.lastIndexOf("\"sha256\""));
    }

    private enum Damage {
        CUT,
        FLIPPED,
        EMPTY,
        NOT_OURS,
        HEAD_GONE
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> damages() {
        return Stream.of(BackupEncoding.values())
                .flatMap(encoding -> Stream.of(Damage.values())
                        .map(damage -> org.junit.jupiter.params.provider.Arguments.of(encoding, damage)));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("damages")
    void aDamagedBackupIsNamedAndItsReadableRecordsAreUsed(BackupEncoding encoding, Damage damage) throws IOException {
        BackedUp service = service().set("SWITCHOVER_BACKUP_ENCODING", encoding.name());
        int count = 3_000;
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            List<Note> notes = new ArrayList<>();
            byte[] noise = new byte[400];
            for (int i = 0; i < count; i++) {
                new Random(i).nextBytes(noise);
                notes.add(new Note(
                        String.format("n%05d", i), java.util.HexFormat.of().formatHex(noise)));
            }
            storage.repository(NOTES).saveAll(notes);
            Path backup = storage.backups().create().toPath();
            damage(backup, damage);
            storage.repository(NOTES).deleteAll(notes.stream().map(Note::id).toList());

            RecoveryScan scan = storage.backups().scan(RecoveryOptions.ALL, found -> {});
            RecoveryScan.Source source = source(scan, "backup-");
            assertThat(source.problems()).isNotEmpty();
            long readable = source.records();
            switch (damage) {
                case CUT -> assertThat(readable).isBetween(count / 3L, count - 1L);
                case FLIPPED ->
                    assertThat(readable)
                            .isBetween(encoding == BackupEncoding.GZIP ? count / 4L : count - 3L, count - 1L);
                case EMPTY, NOT_OURS -> assertThat(readable).isZero();
                case HEAD_GONE -> assertThat(readable).isGreaterThan(count / 4L);
            }
            if (readable > 0) {
                storage.backups().recover(RecoveryOptions.ALL);
            }
            assertThat(storage.repository(NOTES).count()).isEqualTo(readable);
            assertThat(notes).containsAll(storage.repository(NOTES).findAll());
        }
    }

    private static void damage(Path file, Damage damage) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = switch (damage) {
            case CUT -> Arrays.copyOf(whole, whole.length / 2);
            case FLIPPED -> {
                byte[] flipped = whole.clone();
                flipped[whole.length / 2] ^= 0x01;
                yield flipped;
            }
            case EMPTY -> new byte[0];
            case NOT_OURS -> "{\"records\":[\n{\"id\":\"x\"}\n]}".getBytes(StandardCharsets.UTF_8);
            case HEAD_GONE -> {
                byte[] zeros = whole.clone();
                Arrays.fill(zeros, 0, 300, (byte) 'x');
                yield zeros;
            }
        };
        Files.write(file, damaged);
    }

    @Test
    void aDirectoryWhoseFileIsDamagedIsReadAsFarAsItGoes() throws IOException {
        String version;
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            for (int i = 0; i < 20; i++) {
                save(storage, "n" + (10 + i), "text " + i);
            }
            version = String.valueOf(
                    storage.repository(NOTES).findVersioned("n12").orElseThrow().version());
        }
        Path file = directory.resolve("notes.json");
        String text = Files.readString(file);
        // Record n15 is no JSON any more, so the store does not open.
        Files.writeString(file, text.replace("\"n15\"", "\"n15"));
        assertThatThrownBy(() -> service().open(Phase.JSON_ONLY)).isInstanceOf(RuntimeException.class);
        byte[] before = Files.readAllBytes(file);

        try (Operator operator = service().operator(Phase.JSON_ONLY)) {
            List<FoundRecord> found = new ArrayList<>();
            RecoveryScan scan = operator.backups().scan(RecoveryOptions.ALL, found::add);
            assertThat(source(scan, "notes.json").problems()).isNotEmpty();
            assertThat(source(scan, "JSON store").used()).isFalse();
            assertThat(found)
                    .filteredOn(one -> one.id().equals("n12") && one.newest())
                    .singleElement()
                    .satisfies(one -> assertThat(one.version()).isEqualTo(Long.parseLong(version)));
            assertThatThrownBy(() -> operator.backups().recover(RecoveryOptions.ALL))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("move them away");
            assertThat(Files.readAllBytes(file)).as("the damaged file stays").isEqualTo(before);
        }
        // What the message says is done.
        Files.move(file, directory.resolve("notes.damaged"));
        Files.move(directory.resolve(".switchover"), directory.resolve("old"));
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            storage.backups().restore("emergency", List.of("notes"));
            assertThat(ids(storage)).contains("n10", "n14").hasSizeGreaterThan(5);
        }
    }

    @Test
    void theDatabaseIsFilledFromBackupsAndBothStoresAreEqual() {
        try (TestDatabase database = TestDatabase.create()) {
            BackedUp both = new BackedUp(directory, database.url());
            try (SwitchoverStorage storage = both.open(Phase.DB_PRIMARY)) {
                BackedUp.fill(storage);
                storage.backups().create();
                List<Object> before = BackedUp.everything(storage);
                storage.repository(EXPENSES).deleteAll(List.of(1L, 2L, 3L, 4L, 5L));
                RecoveryReport report = storage.backups().recover(RecoveryOptions.ALL);
                assertThat(report.scan().sources())
                        .extracting(RecoveryScan.Source::kind)
                        .contains(RecoveryScan.Kind.JSON, RecoveryScan.Kind.POSTGRESQL, RecoveryScan.Kind.BACKUP);
                assertThat(report.restored().mirrorsInSync()).isTrue();
                assertThat(BackedUp.everything(storage)).isEqualTo(before);
            }
            both.assertBothStoresEqual();
        }
    }

    @Test
    void aBackupOfAnotherDataSetIsLeftOut(@TempDir Path elsewhere) {
        Path other;
        try (SwitchoverStorage storage = new BackedUp(elsewhere, null).open(Phase.JSON_ONLY)) {
            for (int i = 0; i < 50; i++) {
                save(storage, "a", "not ours, and of a high version " + i);
            }
            other = storage.backups().create().toPath();
        }
        try (SwitchoverStorage storage = service().open(Phase.JSON_ONLY)) {
            save(storage, "a", "ours");
            RecoveryScan scan = storage.backups().scan(RecoveryOptions.ALL.withMore(List.of(other)), found -> {});
            assertThat(source(scan, "backup-").used()).isFalse();
            assertThat(scan.nothingToRecover()).isTrue();
        }
    }

    @Test
    void aTextLargerThanABufferIsReadLineByLine() throws IOException {
        byte[] line = new byte[300_000];
        Arrays.fill(line, (byte) 'y');
        line[line.length - 1] = '\n';
        try (BackupText text = new BackupText(InputStream.nullInputStream(), false)) {
            assertThat(text.piece()).isNull();
        }
        try (BackupText text = new BackupText(new java.io.ByteArrayInputStream(line), false)) {
            assertThat(text.piece()).isEqualTo(line);
            assertThat(text.piece()).isNull();
        }
    }
}
