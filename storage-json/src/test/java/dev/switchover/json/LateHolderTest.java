package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchover.json.LockTest.Child;
import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder whose lock was lost without a trace, as some file systems do, and who goes on writing beside a newcomer. */
class LateHolderTest {

    private static final Set<String> ANSWERS = Set.of("READY", "ACK", "REFUSED");

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @Test
    void whatAnOlderHolderWritesWhileANewcomerOpensIsFoundOrNotAcknowledged() throws Exception {
        try (Child holder = Child.start(ChildProcess.Lingering.class, directory)) {
            assertThat(answer(holder)).isEqualTo("READY");
            List<String> answers = new ArrayList<>();
            FaultyDisk disk = FaultyDisk.sound(directory);
            disk.failWhen(beforeEachCall -> {
                answers.add(write(holder, answers.size()));
                return false;
            });
            try (JsonStore newcomer = Book.open(directory, disk, books)) {
                disk.failWhen(null);
                Set<String> found = new HashSet<>();
                try (var records = newcomer.scan(books)) {
                    records.forEachRemaining(
                            (RawRecord record) -> found.add(record.id().text()));
                }
                for (int id = 0; id < answers.size(); id++) {
                    if ("ACK".equals(answers.get(id))) {
                        assertThat(found)
                                .as("acknowledged before %s", disk.log().get(id))
                                .contains("" + id);
                    }
                }
                assertThat(answers).contains("ACK", "REFUSED");
                assertThat(write(holder, answers.size())).isEqualTo("REFUSED");
                Book.save(Book.serving(newcomer), books, answers.size(), "the newcomer's");
            }
        }
    }

    @Test
    void aNewcomerThatIsOvertakenWhileItReadsDoesNotBegin() throws Exception {
        Book.open(directory, books).close();
        FaultyDisk disk = FaultyDisk.sound(directory);
        Path holder = directory.resolve(".switchover/holder");
        disk.failWhen(call -> {
            if (call.startsWith("force .switchover")) {
                // Behind its claim, before its reading.
                replace(holder);
            }
            return false;
        });
        assertThatThrownBy(() -> Book.open(directory, disk, books)).isInstanceOf(DirectoryLockedException.class);
        assertThat(disk.log()).noneMatch(call -> call.contains("journal-"));
    }

    /** At whichever call behind its claim: it is told who has the directory, not that a file could not be written. */
    @Test
    void aNewcomerThatIsOvertakenIsToldSo() throws IOException {
        FaultyDisk sound = disk("sound");
        Book.open(directory.resolve("sound"), sound, books).close();
        List<String> calls = sound.log();
        int claimed = calls.indexOf("force .switchover");
        int last = calls.lastIndexOf("force .switchover");
        assertThat(claimed).isNotNegative();
        assertThat(last).isGreaterThan(claimed);
        for (int i = claimed + 1; i <= last; i++) {
            int overtaken = i;
            Path root = directory.resolve("overtaken-" + i);
            FaultyDisk disk = disk("overtaken-" + i);
            AtomicInteger seen = new AtomicInteger();
            disk.failWhen(call -> {
                if (seen.getAndIncrement() == overtaken) {
                    replace(root.resolve(".switchover/holder"));
                }
                return false;
            });
            assertThatThrownBy(() -> Book.open(root, disk, books))
                    .as("overtaken at %s", calls.get(i))
                    .isInstanceOfSatisfying(
                            DirectoryLockedException.class,
                            locked -> assertThat(locked.host()).isEqualTo("elsewhere"));
        }
    }

    /** A folder that was deleted, or a disk that was taken away: nobody has the directory, least of all we ourselves. */
    @Test
    void aNewcomerWhoseLockIsGoneIsToldWhatFailed() throws IOException {
        FaultyDisk sound = disk("sound");
        Book.open(directory.resolve("sound"), sound, books).close();
        List<String> calls = sound.log();
        int injected = 0;
        for (int i = calls.indexOf("force .switchover") + 1; i <= calls.lastIndexOf("force .switchover"); i++) {
            for (boolean fails : new boolean[] {false, true}) {
                int gone = i;
                Path lock = directory.resolve("gone-" + i + fails).resolve(".switchover/lock");
                FaultyDisk disk = disk("gone-" + i + fails);
                AtomicInteger seen = new AtomicInteger();
                disk.failWhen(call -> seen.getAndIncrement() == gone && delete(lock) && fails);
                Throwable told = catchThrowable(() -> Book.open(lock.getParent().getParent(), disk, books));
                assertThat(told)
                        .as("gone at %s", calls.get(i))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageMatching("(?s).*(injected at call|or its lock is gone).*");
                injected += told.getMessage().contains("injected") ? 1 : 0;
            }
        }
        assertThat(injected).isPositive();
    }

    /** It has the lock's file, and has not come as far as to say who it is. */
    @Test
    void aNewcomerWhoseLockIsAnothersIsNotToldToStopItself() throws IOException {
        FaultyDisk disk = FaultyDisk.sound(directory);
        AtomicInteger seen = new AtomicInteger();
        disk.failWhen(call -> {
            if (call.equals("force .switchover") && seen.getAndIncrement() == 0) {
                replace(directory.resolve(".switchover/lock"));
            }
            return false;
        });
        assertThatThrownBy(() -> Book.open(directory, disk, books))
                .isInstanceOfSatisfying(DirectoryLockedException.class, locked -> {
                    assertThat(locked.pid()).isZero();
                    assertThat(locked).hasMessageContaining("locked by another process");
                });
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FaultyDisk disk(String name) throws IOException {
        Path root = Files.createDirectory(directory.resolve(name));
        Files.writeString(root.resolve("books.json"), "[]");
        return FaultyDisk.sound(root);
    }

    /** Whoever followed "put the folder back" would lose what the other holder has. */
    @Test
    void whatLooksLikeDamageToANewcomerThatIsOvertakenIsNotToldAsDamage() throws Exception {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
        }
        FaultyDisk disk = FaultyDisk.sound(directory);
        disk.failWhen(call -> {
            if (call.startsWith("force .switchover")) {
                replace(directory.resolve(".switchover/holder"));
                writeHalf(directory.resolve("books.json"));
            }
            return false;
        });
        assertThatThrownBy(() -> Book.open(directory, disk, books))
                .isInstanceOf(DirectoryLockedException.class)
                .satisfies(locked -> assertThat(locked.getSuppressed()[0]).isInstanceOf(CorruptFileException.class));
    }

    private static void writeHalf(Path file) {
        try {
            Files.writeString(file, "[{");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path file) {
        try {
            Path other = file.resolveSibling("other");
            Files.writeString(other, "{\"pid\": 1, \"host\": \"elsewhere\", \"since\": \"today\"}");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Child holder, int id) {
        try {
            holder.say("" + id);
            return answer(holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its log goes there, too. */
    private static String answer(Child holder) throws IOException {
        String line = holder.line();
        while (line != null && !ANSWERS.contains(line)) {
            line = holder.line();
        }
        return "" + line;
    }
}
