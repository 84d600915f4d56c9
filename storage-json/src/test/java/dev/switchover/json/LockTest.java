package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.Query;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @Test
    void aSecondStoreInThisJvmIsToldSo() {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            assertThatThrownBy(() -> Book.open(directory, Book.schema()))
                    .isInstanceOfSatisfying(DirectoryLockedException.class, locked -> {
                        assertThat(locked.pid())
                                .isEqualTo(ProcessHandle.current().pid());
                        assertThat(locked).hasMessageContaining("open in this process already");
                    });
            // Asking must not have dropped the lock.
            Book.save(store, books, 1, "one");
        }
        Book.open(directory, books).close();
    }

    @Test
    void anotherProcessIsRefusedAndToldWhoHoldsTheDirectory() throws Exception {
        try (Child child = Child.start(ChildProcess.Holding.class, directory)) {
            assertThat(child.line()).isEqualTo("HELD");
            assertThatThrownBy(() -> Book.open(directory, books))
                    .isInstanceOfSatisfying(DirectoryLockedException.class, locked -> {
                        assertThat(locked.pid()).isEqualTo(child.process().pid());
                        assertThat(locked.host()).isNotEmpty();
                        assertThat(locked).hasMessageContaining("process " + locked.pid() + " on " + locked.host());
                    });
            child.kill();
        }
        Book.open(directory, books).close();
    }

    @Test
    void whoFindsItsLockGoneAcknowledgesNothing() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            Path lock = directory.resolve(".switchover/lock");
            Files.delete(lock);
            Files.createFile(lock);
            assertThatThrownBy(() -> Book.save(store, books, 2, "two"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("taken over");
        }
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).hasSize(1);
        }
    }

    /** It was the holder's when the entry was begun: only a look behind the force tells. */
    @Test
    void whoLosesTheDirectoryDuringTheForceDoesNotAcknowledge() {
        FaultyDisk disk = FaultyDisk.sound(directory);
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            Book.save(store, books, 1, "one");
            disk.failWhen(call -> {
                if (call.startsWith("force journal")) {
                    replaceLock();
                }
                return false;
            });
            assertThatThrownBy(() -> Book.save(store, books, 2, "two"))
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasMessageContaining("taken over");
        }
    }

    private void replaceLock() {
        Path lock = directory.resolve(".switchover/lock");
        try {
            Files.deleteIfExists(lock);
            Files.createFile(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What checkpoints cover may be what another holder reads, or what an older copy that was put back goes on from. */
    @Test
    void whoHasLostTheLockDeletesNothing() {
        FaultyDisk disk = FaultyDisk.sound(directory);
        Path segment = directory.resolve(".switchover/journal-1-1");
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            String text = "x".repeat(700_000);
            for (int i = 0; i < 26; i++) {
                Book.save(store, books, 1, text + i);
            }
            disk.failWhen(call -> call.equals("delete journal-1-1"));
            store.checkpoint();
            assertThat(directory.resolve(".switchover/journal-1-2")).exists();
            replaceLock();
            disk.failWhen(null);
            store.checkpoint();
            assertThat(segment).exists();
        }
        assertThat(segment).exists();
    }

    /** A checkpoint that could not be deleted when its time came may be the new holder's by now. */
    @Test
    void whoHasLostTheLockDeletesNoCheckpoint() {
        FaultyDisk disk = FaultyDisk.sound(directory);
        Path older = directory.resolve(".switchover/checkpoint-books-1");
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            Book.save(store, books, 1, "one");
            disk.failWhen(call -> call.equals("delete checkpoint-books-1"));
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            assertThat(older).exists();
            replaceLock();
            disk.failWhen(null);
            int before = disk.log().size();
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            assertThat(disk.log().subList(before, disk.log().size())).noneMatch(call -> call.startsWith("delete"));
        }
        assertThat(older).exists();
    }

    @Test
    void whoFindsANewerTermAcknowledgesNothing() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            Path newer = directory.resolve(".switchover/journal-2-1");
            Files.createFile(newer);
            assertThatThrownBy(() -> Book.save(store, books, 2, "two")).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            Files.delete(newer);
            assertThatThrownBy(() -> Book.save(store, books, 3, "three"))
                    .as("once lost, never trusted again")
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            store.checkpoint();
            assertThat(mode(directory.resolve("books.json"))).isEqualTo("rw-------");
            assertThat(mode(directory.resolve(".switchover"))).isEqualTo("rwx------");
            try (var files = Files.list(directory.resolve(".switchover"))) {
                assertThat(files).allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"));
            }
            Files.setPosixFilePermissions(
                    directory.resolve("books.json"), PosixFilePermissions.fromString("rw-r-----"));
            Book.save(store, books, 2, "two");
            store.checkpoint();
            assertThat(mode(directory.resolve("books.json")))
                    .as("a file that exists keeps its mode")
                    .isEqualTo("rw-r-----");
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void readingNeedsNoLockAndSeesTheJournal() {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            store.checkpoint();
            Book.save(store, books, 2, "two");
            Book.save(store, books, 1, "one again");
            ReadOnlyJsonStore reading = JsonStore.openReadOnly(JsonSettings.of(directory), List.of(books));
            assertThat(Book.texts(reading.list(books, Query.all()))).isEqualTo(Book.all(store, books));
            assertThat(reading.ledgerEntry(books))
                    .hasValueSatisfying(entry -> assertThat(entry.serves()).isTrue());
            assertThatThrownBy(() -> reading.write(List.of(Book.put(books, 3, "three"))))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    /** A child JVM and what it prints. */
    static final class Child implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;

        private Child(Process process) {
            this.process = process;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        static Child start(Class<?> main, Path directory, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    main.getName(),
                    directory.toString()));
            command.addAll(List.of(arguments));
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }

        Process process() {
            return process;
        }

        /** Writes a line to the child. */
        void say(String line) throws IOException {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        @Nullable
        String line() throws IOException {
            return output.readLine();
        }

        void kill() throws InterruptedException {
            // Not through the process itself, which would throw away what it has printed.
            process.toHandle().destroyForcibly();
            process.waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }
}
