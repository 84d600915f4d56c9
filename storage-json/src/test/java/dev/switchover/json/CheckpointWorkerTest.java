package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.json.testing.WaitingDisk;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkpoint leaves undone is done by the next one, and what one collection leaves undone keeps no other from it. */
@Timeout(60)
class CheckpointWorkerTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final CollectionSchema<Book, Long> books = Book.schema();
    private final CollectionSchema<Book, Long> notes = Book.schema("notes", JsonLayout.array());

    @TempDir
    Path directory;

    private Path file(String collection) {
        return directory.resolve(collection + ".json");
    }

    private static String other(String collection) {
        return collection.equals("books") ? "notes" : "books";
    }

    /** The delay is so long that the one that is asked for comes first. */
    @Test
    void whatChangesDuringACheckpointThatWasAskedForIsWrittenWithoutBeingAskedFor() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WaitingDisk disk = new WaitingDisk(goOn);
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofSeconds(1));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books), disk, Clock.systemUTC()))) {
            disk.waitWhen(call -> {
                boolean waits = call.equals("rename books.json");
                if (waits) {
                    reached.countDown();
                }
                return waits;
            });
            Book.save(store, books, 1, "one");
            CompletableFuture<Void> asked = CompletableFuture.runAsync(store::checkpoint);
            reached.await();
            Book.save(store, books, 2, "two");
            goOn.countDown();
            asked.get();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file("books")).content().contains("two"));
        }
    }

    @Test
    void whatACheckpointThatWasAskedForCouldNotWriteIsWrittenWithoutBeingAskedForAgain() {
        FaultyDisk disk = FaultyDisk.sound(directory);
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofSeconds(1));
        disk.failWhen(call -> call.equals("rename books.json"));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books), disk, Clock.systemUTC()))) {
            Book.save(store, books, 1, "one");
            assertThatThrownBy(store::checkpoint).isInstanceOf(StoreUnavailableException.class);
            assertThat(file("books")).doesNotExist();
            disk.failWhen(null);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file("books")).content().contains("one"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"books", "notes"})
    void oneThatFailsDoesNotKeepTheOthersFromACheckpointThatIsAskedFor(String failing) {
        FaultyDisk disk = FaultyDisk.sound(directory);
        disk.failWhen(call -> call.equals("rename " + failing + ".json"));
        try (JsonStore store = Book.serving(Book.open(directory, disk, books, notes))) {
            Book.save(store, books, 1, "one");
            Book.save(store, notes, 1, "one");
            assertThatThrownBy(store::checkpoint)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("rename " + failing + ".json");
            assertThat(file(failing)).doesNotExist();
            assertThat(file(other(failing))).content().contains("one");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"books", "notes"})
    void oneThatFailsDoesNotKeepTheOthersFromTheCheckpointsOfTheSchedule(String failing) {
        FaultyDisk disk = FaultyDisk.sound(directory);
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(20));
        disk.failWhen(call -> call.equals("rename " + failing + ".json"));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books, notes), disk, Clock.systemUTC()))) {
            Book.save(store, books, 1, "one");
            Book.save(store, notes, 1, "one");
            await().atMost(LONG).until(() -> disk.log().contains("rename " + failing + ".json"));
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(file(other(failing))).content().contains("one"));
            Book.save(store, books, 1, "two");
            Book.save(store, notes, 1, "two");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(file(other(failing))).content().contains("two"));
            assertThat(file(failing)).doesNotExist();
            disk.failWhen(null);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file(failing)).content().contains("two"));
        }
    }

    static List<Throwable> mistakes() {
        return List.of(new IllegalStateException("a mistake"), new OutOfMemoryError("of one checkpoint"));
    }

    /** A heap that had no room for one checkpoint may have it for the next. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void whateverEndsOneCheckpointDoesNotEndThoseBehindIt(Throwable mistake) {
        FaultyDisk disk = FaultyDisk.sound(directory);
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(20));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books, notes), disk, Clock.systemUTC()))) {
            CountDownLatch met = new CountDownLatch(1);
            disk.failWhen(call -> {
                if (call.equals("rename books.json")) {
                    met.countDown();
                    throwAsItIs(mistake);
                }
                return false;
            });
            Book.save(store, books, 1, "one");
            await().atMost(LONG).until(() -> met.getCount() == 0);
            Book.save(store, notes, 1, "one");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file("notes")).content().contains("one"));
            disk.failWhen(null);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file("books")).content().contains("one"));
        }
    }

    @Test
    void aMistakeInTidyingUpTheJournalDoesNotEndTheCheckpoints() {
        FaultyDisk disk = FaultyDisk.sound(directory);
        JsonSettings settings = JsonSettings.of(directory).withCheckpointDelay(Duration.ofMillis(20));
        try (JsonStore store = Book.serving(JsonStore.open(settings, List.of(books, notes), disk, Clock.systemUTC()))) {
            CountDownLatch met = new CountDownLatch(1);
            disk.failWhen(call -> {
                if (call.equals("delete journal-1-1")) {
                    met.countDown();
                    throw new IllegalStateException("a mistake");
                }
                return false;
            });
            String text = "x".repeat(700_000);
            for (int i = 0; i < 26; i++) {
                Book.save(store, books, 1, text + i);
            }
            await().atMost(LONG).until(() -> met.getCount() == 0);
            Book.save(store, notes, 1, "one");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file("notes")).content().contains("one"));
            disk.failWhen(null);
        }
    }

    private static Predicate<String> atTheFileOf(String collection, Throwable mistake) {
        return call -> {
            if (call.equals("rename " + collection + ".json")) {
                throwAsItIs(mistake);
            }
            return false;
        };
    }

    /** In both collections it is the same one, which must not be told to suppress itself. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void whateverEndsOneOfACheckpointThatIsAskedForIsThrownBehindTheOthers(Throwable mistake) {
        FaultyDisk disk = FaultyDisk.sound(directory);
        disk.failWhen(call -> atTheFileOf("books", mistake).test(call)
                || atTheFileOf("notes", mistake).test(call));
        try (JsonStore store = Book.serving(Book.open(directory, disk, books, notes))) {
            Book.save(store, books, 1, "one");
            Book.save(store, notes, 1, "one");
            assertThatThrownBy(store::checkpoint).isSameAs(mistake).hasNoSuppressedExceptions();
            disk.failWhen(atTheFileOf("books", mistake));
            assertThatThrownBy(store::checkpoint).isSameAs(mistake);
            assertThat(file("books")).doesNotExist();
            assertThat(file("notes")).content().contains("one");
            disk.failWhen(call -> call.equals("rename books.json"));
            Book.save(store, notes, 1, "two");
            disk.failWhen(call -> call.equals("rename books.json")
                    || atTheFileOf("notes", mistake).test(call));
            assertThatThrownBy(store::checkpoint)
                    .isInstanceOf(StoreUnavailableException.class)
                    .cause()
                    .hasSuppressedException(mistake);
            disk.failWhen(null);
            store.checkpoint();
            assertThat(file("books")).content().contains("one");
            assertThat(file("notes")).content().contains("two");
        }
    }

    /** Nor is the directory kept, or its journal left open. */
    @ParameterizedTest
    @MethodSource("mistakes")
    void whateverEndsOneOfTheLastCheckpointsKeepsNoOther(Throwable mistake) {
        for (String failing : List.of("books", "notes")) {
            Path root = directory.resolve(failing);
            createDirectory(root);
            FaultyDisk disk = FaultyDisk.sound(root);
            disk.failWhen(atTheFileOf(failing, mistake));
            JsonStore store = Book.serving(Book.open(root, disk, books, notes));
            Book.save(store, books, 1, "one");
            Book.save(store, notes, 1, "one");
            assertThatThrownBy(store::close).isSameAs(mistake);
            assertThat(disk.log()).last().asString().startsWith("truncate journal");
            assertThat(root.resolve(failing + ".json")).doesNotExist();
            assertThat(root.resolve(other(failing) + ".json")).content().contains("one");
            try (JsonStore next = Book.open(root, books, notes)) {
                assertThat(Book.all(next, books)).hasSize(1);
                assertThat(Book.all(next, notes)).hasSize(1);
            }
        }
    }

    private static void createDirectory(Path path) {
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAsItIs(Throwable mistake) throws E {
        throw (E) mistake;
    }

    @ParameterizedTest
    @ValueSource(strings = {"books", "notes"})
    void oneThatFailsDoesNotKeepTheOthersFromTheLastCheckpoint(String failing) {
        FaultyDisk disk = FaultyDisk.sound(directory);
        disk.failWhen(call -> call.equals("rename " + failing + ".json"));
        try (JsonStore store = Book.serving(Book.open(directory, disk, books, notes))) {
            Book.save(store, books, 1, "one");
            Book.save(store, notes, 1, "one");
        }
        assertThat(file(failing)).doesNotExist();
        assertThat(file(other(failing))).content().contains("one");
        try (JsonStore store = Book.open(directory, books, notes)) {
            assertThat(Book.all(store, books)).hasSize(1);
            assertThat(Book.all(store, notes)).hasSize(1);
        }
    }
}
