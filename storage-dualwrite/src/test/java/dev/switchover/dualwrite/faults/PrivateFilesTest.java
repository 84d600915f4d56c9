package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are for their owner only, also where the process would let everybody in, and nothing is written through a planted link. */
class PrivateFilesTest {

    @TempDir
    Path folder;

    /** Makes every kind of file there is, in a process of its own whose umask takes nothing away. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            ServiceUnderTest service = new ServiceUnderTest(directory, arguments[1]);
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.repository(NOTES).create(new Note("a", "first"));
                storage.awaitInSync(Duration.ofSeconds(30));
            }
            // An edit where JSON is not the authority is saved aside.
            Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"edited\"}]");
            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.awaitInSync(Duration.ofSeconds(30));
            }
            try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
                storage.repository(NOTES).create(new Note("b", "second"));
                service.set("SWITCHOVER_TAKE_OVER", "true");
                service.open(Phase.JSON_ONLY).close();
            }
        }
    }

    @Test
    void allFilesAndFoldersAreForTheirOwnerOnlyWhateverTheUmask() throws Exception {
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
                "SKIPPED: this file system has no POSIX permissions");
        Path directory = folder.resolve("data");
        try (TestDatabase database = TestDatabase.create()) {
            Path log = folder.resolve("log");
            Process child = new ProcessBuilder(
                            "sh",
                            "-c",
                            "umask 000; exec \"$@\"",
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName(),
                            directory.toString(),
                            database.url())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).as(Files.readString(log)).isZero();
        }
        Map<String, String> modes = modes(directory);
        assertThat(modes).containsKeys("notes.json", ".switchover/lock");
        assertThat(modes.keySet()).anyMatch(name -> name.startsWith(".switchover/aside/"));
        assertThat(modes)
                .allSatisfy((name, mode) -> assertThat(mode)
                        .as(name)
                        .isEqualTo(Files.isDirectory(directory.resolve(name)) ? "rwx------" : "rw-------"));
    }

    @Test
    void aLinkPlantedWhereATemporaryFileGoesIsNotWrittenThrough() throws IOException {
        Path directory = folder.resolve("data");
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null);
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).create(new Note("a", "first"));
        }
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        for (Path file : List.copyOf(files(directory))) {
            Path temporary = dev.switchover.json.directory.StoreDirectory.temporary(file);
            if (!Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(temporary, victim);
            }
        }
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).create(new Note("b", "second"));
        }
        assertThat(victim).hasContent("untouched");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            assertThat(storage.repository(NOTES).count()).isEqualTo(2);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Map<String, String> modes(Path directory) throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                modes.put(
                        directory.relativize(path).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)));
            }
        }
        return modes;
    }
}
