package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonStoreTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

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
