package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A service whose JSON files are on a file system that really is full, in every phase. Needs Linux and the right to mount a small
 * file system in memory; elsewhere it is skipped and says so.
 */
class FullDiskServiceTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String LARGE = "x".repeat(20_000);

    @TempDir
    Path folder;

    private Path disk;
    private final Set<String> acknowledged = new HashSet<>();
    private int notes;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        int failed = run("mount", "-t", "tmpfs", "-o", "size=24m", "switchover-test", disk.toString());
        if (failed != 0) {
            System.err.println("SKIPPED: FullDiskServiceTest, a file system in memory cannot be mounted here");
        }
        Assumptions.assumeTrue(failed == 0, "a file system in memory cannot be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "--lazy", disk.toString());
    }

    private static int run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (IOException noSuchProgram) {
            return -1;
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void whatCannotBeWrittenIsRefusedWhatCanGoesOnAndAllIsWellWhenThereIsRoom(Phase phase) throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            Path directory = Files.createDirectory(disk.resolve("data"));
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(phase)) {
                create(storage, "small");
                assertThat(storage.awaitInSync(SOON)).isTrue();
                Path filler = fill();
                if (phase.databasePhase()) {
                    everythingIsWritten(storage);
                } else {
                    atLastAllIsRefused(storage);
                }
                assertThat(ids(storage)).isEqualTo(acknowledged);
                Files.delete(filler);
                await().atMost(SOON)
                        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                        .until(() -> create(storage, "there is room again"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                assertThat(ids(storage)).isEqualTo(acknowledged);
            }
            if (phase.mirrored()) {
                BothStores.assertEqual(directory, database.url(), List.of(EXPENSES, NOTES));
            }
            for (Phase next : List.of(phase, phase.databasePhase() ? Phase.JSON_ONLY : Phase.DB_ONLY)) {
                try (SwitchoverStorage storage = service.open(next)) {
                    assertThat(ids(storage)).isEqualTo(acknowledged);
                }
            }
        }
    }

    /** More than the journal has left of what it has taken beforehand. */
    private void everythingIsWritten(SwitchoverStorage storage) {
        for (int i = 0; i < 150; i++) {
            create(storage, LARGE);
        }
    }

    private void atLastAllIsRefused(SwitchoverStorage storage) {
        Throwable refusal = null;
        for (int i = 0; i < 500 && refusal == null; i++) {
            refusal = catchThrowable(() -> create(storage, LARGE));
        }
        assertThat(refusal).isInstanceOf(StoreUnavailableException.class).hasMessageContaining("reads go on");
        for (int i = 0; i < 5; i++) {
            assertThat(catchThrowable(() -> create(storage, LARGE))).isInstanceOf(StorageException.class);
            assertThat(ids(storage)).isEqualTo(acknowledged);
        }
    }

    private boolean create(SwitchoverStorage storage, String text) {
        String id = "n" + notes++;
        storage.repository(NOTES).create(new Note(id, text));
        return acknowledged.add(id);
    }

    private static Set<String> ids(SwitchoverStorage storage) {
        Repository<Note, String> repository = storage.repository(NOTES);
        return repository.findAll().stream().map(Note::id).collect(Collectors.toSet());
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] piece = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            return filler;
        }
    }
}
