package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonStoreTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    /** Only a deletion's own result tells its version: what is written next would hide that it was used twice. */
    @Test
    void theVersionOfADeletionIsNeverGivenAgain() {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            long deleted = store.write(List.of(Book.delete(books, 1))).get(0).version();
            assertThat(Book.save(store, books, 2, "two").version()).isGreaterThan(deleted);
            store.write(List.of(Book.delete(books, 2)));
        }
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            long deleted = store.write(List.of(Book.delete(books, 3))).get(0).version();
            assertThat(Book.save(store, books, 4, "four").version()).isGreaterThan(Math.max(4, deleted));
        }
    }

    @Test
    void whatWasWrittenIsThereAfterAnOrderlyRestart() throws IOException {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
            Book.save(store, books, 2, "two");
            Book.save(store, books, 1, "one again");
            assertThat(Book.all(store, books))
                    .containsExactly("3/1 {\"id\":1,\"title\":\"one again\"}", "2/2 {\"id\":2,\"title\":\"two\"}");
        }
        assertThat(directory.resolve("books.json"))
                .hasContent("[\n{\"id\":1,\"title\":\"one again\"},\n{\"id\":2,\"title\":\"two\"}\n]\n");
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            assertThat(Book.all(store, books))
                    .containsExactly("3/1 {\"id\":1,\"title\":\"one again\"}", "2/2 {\"id\":2,\"title\":\"two\"}");
            assertThat(Book.save(store, books, 3, "three").version()).isEqualTo(4);
        }
        try (var files = Files.list(directory.resolve(".switchover"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint-books-3", "holder", "journal-2-1", "lock");
        }
    }
}
