package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static dev.switchover.dualwrite.backup.SourceInMemory.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFolderTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private final SourceInMemory source = new SourceInMemory().with(THINGS, thing("a", 1, "x"));

    private BackupFile make(Instant when, BackupKind kind) {
        return new BackupMaker(BackupSettings.in(folder), Clock.fixed(when, ZoneOffset.UTC))
                .make(source, kind, source.schemas());
    }

    private BackupCatalog catalog(Instant now) {
        return new BackupCatalog(new BackupFolder(folder), source.schemas(), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path find(String reference) {
        return new BackupFolder(folder).find(reference);
    }

    @Test
    void theListHasTheNewestFirstAndNumbersThem() {
        make(NOON, BackupKind.MANUAL);
        make(NOON.plusMillis(1), BackupKind.SCHEDULED);
        make(NOON.minusSeconds(1), BackupKind.BEFORE_RESTORE);
        for (int i = 0; i < 11; i++) {
            make(NOON, BackupKind.MANUAL);
        }
        List<BackupFile> list = catalog(NOON).list();
        assertThat(list).extracting(BackupFile::number).startsWith(1, 2, 3);
        assertThat(list.get(0).kind()).isEqualTo(BackupKind.SCHEDULED);
        assertThat(list.get(1).name()).endsWith("manual-12.json");
        assertThat(list.get(list.size() - 1).kind()).isEqualTo(BackupKind.BEFORE_RESTORE);
        assertThat(catalog(NOON).stats().byKind()).containsEntry(BackupKind.MANUAL, 12);
        assertThat(catalog(NOON).stats().oldest()).isEqualTo(NOON.minusSeconds(1));
    }

    @Test
    void aBackupIsFoundByNumberNamePartAndPath() throws IOException {
        Path one = make(NOON, BackupKind.MANUAL).toPath();
        Path two = make(NOON.plusSeconds(60), BackupKind.SCHEDULED).toPath();
        assertThat(find("1")).isEqualTo(two);
        assertThat(find("2")).isEqualTo(one);
        assertThat(find(one.getFileName().toString())).isEqualTo(one);
        assertThat(find("T120000")).isEqualTo(one);
        assertThat(find("sched")).isEqualTo(two);
        assertThat(find(one.toString())).isEqualTo(one);
        Path elsewhere = Files.copy(one, folder.resolve("renamed-by-hand"));
        assertThat(find(elsewhere.toString())).isEqualTo(elsewhere);
    }

    @Test
    void whatMeansNoneOrSeveralIsRefused() {
        make(NOON, BackupKind.MANUAL);
        make(NOON.plusSeconds(60), BackupKind.MANUAL);
        assertThatThrownBy(() -> find("manual"))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("2 backups");
        assertThatThrownBy(() -> find("3")).isInstanceOf(BackupException.class).hasMessageContaining("no backup");
        assertThatThrownBy(() -> find("\u0000")).isInstanceOf(BackupException.class);
    }

    @Test
    void cleaningRemovesWhatAKilledProcessLeftBehindAndNotWhatIsBeingWritten() throws IOException {
        Path abandoned = Files.createFile(folder.resolve(".backup-20261119T115959.999Z-manual.json.gz.tmp"));
        Path young = Files.createFile(folder.resolve(".backup-20261119T120000.000Z-manual.json.gz.tmp"));
        Path somebodys = Files.createFile(folder.resolve(".backup-of-mine.tmp"));
        catalog(NOON).clean(Retention.DEFAULTS, true);
        assertThat(abandoned).exists();
        catalog(NOON).clean(Retention.DEFAULTS, false);
        assertThat(abandoned).doesNotExist();
        assertThat(young).exists();
        assertThat(somebodys).exists();
    }

    @Test
    void cleaningRemovesWhatItSaysItWould() {
        make(NOON.minus(Duration.ofDays(31)), BackupKind.MANUAL);
        make(NOON.minus(Duration.ofDays(32)), BackupKind.BEFORE_SWITCHOVER);
        make(NOON, BackupKind.MANUAL);
        Retention retention = new Retention(OptionalInt.of(30), OptionalInt.of(1));
        CleanReport would = catalog(NOON).clean(retention, true);
        assertThat(would.removed()).singleElement().asString().contains("20261021");
        assertThat(catalog(NOON).list()).hasSize(3);
        CleanReport done = catalog(NOON).clean(retention, false);
        assertThat(done.removed()).isEqualTo(would.removed());
        assertThat(done.bytes()).isEqualTo(would.bytes()).isPositive();
        assertThat(done.kept()).isEqualTo(2);
        assertThat(catalog(NOON).list())
                .extracting(BackupFile::kind)
                .containsExactly(BackupKind.MANUAL, BackupKind.BEFORE_SWITCHOVER);
    }

    @Test
    void foreignFilesAreNeitherListedNorRemoved() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.writeString(folder.resolve("backup-of-mine.json"), "{}");
        assertThat(catalog(NOON).list()).isEmpty();
        catalog(NOON).clean(new Retention(OptionalInt.of(0), OptionalInt.of(0)), false);
        assertThat(folder.resolve("backup-of-mine.json")).exists();
    }

    @Test
    void aFolderThatIsNotThereIsEmpty() {
        BackupCatalog none =
                new BackupCatalog(new BackupFolder(folder.resolve("none")), source.schemas(), Clock.systemUTC());
        assertThat(none.list()).isEmpty();
        assertThat(none.stats().count()).isZero();
    }

    @Test
    void manyAtOnceInOneMomentAllGetANameOfTheirOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                tasks.add(() -> {
                    SourceInMemory own = new SourceInMemory().with(THINGS, thing("a", 1, "x"));
                    return new BackupMaker(BackupSettings.in(folder), Clock.fixed(NOON, ZoneOffset.UTC))
                            .make(own, BackupKind.MANUAL, own.schemas())
                            .name();
                });
            }
            List<String> names = new ArrayList<>();
            for (Future<String> name : threads.invokeAll(tasks)) {
                names.add(name.get());
            }
            assertThat(names).doesNotHaveDuplicates();
            assertThat(catalog(NOON).verifyAll()).hasSize(24).allMatch(BackupCheck::sound);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whoIsHandedTheFinishedBackupMayFail() throws IOException {
        List<Path> copied = new ArrayList<>();
        BackupSettings settings = BackupSettings.in(folder)
                .andThen((file, kind) -> {
                    throw new IOException("the other machine is away");
                })
                .andThen((file, kind) -> copied.add(file));
        BackupFile made =
                new BackupMaker(settings, Clock.systemUTC()).make(source, BackupKind.MANUAL, source.schemas());
        assertThat(copied).containsExactly(made.toPath());
        assertThat(catalog(NOON).verify(made.toPath()).sound()).isTrue();
    }

    @Test
    void aCommandGetsThePathAsItsLastArgument() throws Exception {
        Path copy = folder.resolve("copy of it");
        BackupCommand command = new BackupCommand(
                List.of("/bin/sh", "-c", "cp \"$1\" \"$0\"", copy.toString()), Duration.ofSeconds(30));
        Path made = make(NOON, BackupKind.MANUAL).toPath();
        command.finished(made, BackupKind.MANUAL);
        assertThat(copy).hasSameBinaryContentAs(made);
        assertThatThrownBy(() -> BackupCommand.of("/bin/false").finished(made, BackupKind.MANUAL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 1");
        BackupCommand endless = new BackupCommand(List.of("/bin/sh", "-c", "sleep 60"), Duration.ofMillis(50));
        assertThatThrownBy(() -> endless.finished(made, BackupKind.MANUAL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end");
    }

    @Test
    void whatACommandStartedEndsWithIt() throws Exception {
        Path started = folder.resolve("started");
        BackupCommand endless = new BackupCommand(
                List.of("/bin/sh", "-c", "sleep 600 & echo $! > \"$0\"; wait", started.toString()),
                Duration.ofMillis(500));
        Path made = make(NOON, BackupKind.MANUAL).toPath();
        assertThatThrownBy(() -> endless.finished(made, BackupKind.MANUAL)).isInstanceOf(IOException.class);
        long process = Long.parseLong(Files.readString(started).strip());
        org.awaitility.Awaitility.await()
                .until(() ->
                        ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void anInterruptedCallerGetsItsBackup() {
        Thread.currentThread().interrupt();
        try {
            assertThat(catalog(NOON)
                            .verify(make(NOON, BackupKind.MANUAL).toPath())
                            .sound())
                    .isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
