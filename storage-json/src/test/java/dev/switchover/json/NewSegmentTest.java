package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.Query;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal is long enough for another segment, and the disk fails while that is begun. */
class NewSegmentTest {

    private static final int MANY = 17;
    private static final String LONG_TITLE = "x".repeat(1 << 20);

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @TempDir
    Path copy;

    @Test
    void whatIsAcknowledgedAfterASegmentCouldNotBeBegunIsThereAfterACrash() throws IOException {
        FaultyDisk disk = FaultyDisk.sound(directory);
        AtomicBoolean created = new AtomicBoolean();
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            for (int i = 1; i <= MANY; i++) {
                Book.save(store, books, i, LONG_TITLE);
            }
            disk.failWhen(call -> {
                boolean after = created.get();
                if (call.equals("create journal-1-2")) {
                    created.set(true);
                }
                return after && (call.equals("force .switchover") || call.equals("delete journal-1-2"));
            });
            store.checkpoint();
            assertThat(created).isTrue();
            disk.failWhen(null);
            Book.save(store, books, MANY + 1, "acknowledged");
            Crash.copy(directory.resolve(".switchover"), copy.resolve(".switchover"));
            Files.copy(directory.resolve("books.json"), copy.resolve("books.json"));
        }
        try (JsonStore store = Book.open(copy, books)) {
            assertThat(store.count(books, Query.all())).isEqualTo(MANY + 1);
        }
    }
}
