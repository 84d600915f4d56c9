package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A large file is taken apart on a second thread while it is hashed; what is said of it must not depend on that. */
class LargeFileTest {

    private static final int RECORDS = 6_000;

    @TempDir
    Path directory;

    static List<CollectionSchema<?, ?>> layouts() {
        return List.of(
                Book.schema(),
                Book.schema("pretty", JsonLayout.array().in("/shelf/books")),
                Book.schema("keyed", JsonLayout.objectKeyedById()),
                Book.schema("encoded", JsonLayout.objectKeyedById().in("/books").base64()));
    }

    private static void fill(JsonStore store, CollectionSchema<?, ?> schema) {
        List<Write> writes = new ArrayList<>();
        for (int id = 1; id <= RECORDS; id++) {
            writes.add(Book.put(schema, id, "a \\\"title\\\" with ]},{[ " + "ü".repeat(100) + id));
        }
        Book.serving(store).write(writes);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void whatWasWrittenIsThereAgain(CollectionSchema<?, ?> schema) {
        List<String> before;
        try (JsonStore store = Book.open(directory, schema)) {
            fill(store, schema);
            Book.save(store, schema, 7, "moved by nothing");
            before = Book.all(store, schema);
        }
        try (JsonStore store = Book.open(directory, schema)) {
            assertThat(Book.all(store, schema)).hasSize(RECORDS).isEqualTo(before);
            assertThat(Book.serving(store).nextId(schema)).isEqualTo(RECORDS + 1);
        }
    }

    @Test
    void keysThatAreEscapedInAnotherWayStayAsTheyAreInBothHalves() throws IOException {
        CollectionSchema<?, ?> schema = Book.schema("keyed", JsonLayout.objectKeyedById());
        Path file = directory.resolve("keyed.json");
        StringBuilder text = new StringBuilder("{\n");
        for (int id = 1; id <= RECORDS; id++) {
            String key = id == 5 || id == RECORDS - 5 ? escaped(id) : Integer.toString(id);
            text.append("  \"")
                    .append(key)
                    .append("\": ")
                    .append(new String(Book.body(id, "x".repeat(200)), StandardCharsets.UTF_8))
                    .append(id < RECORDS ? ",\n" : "\n}\n");
        }
        Files.writeString(file, text);
        Book.open(directory, schema).close();
        try (JsonStore store = Book.serving(Book.open(directory, schema))) {
            Book.save(store, schema, 9, "changed");
        }
        assertThat(Files.readString(file))
                .contains("\"" + escaped(5) + "\": ", "\"" + escaped(RECORDS - 5) + "\": ", "changed");
    }

    private static String escaped(int id) {
        StringBuilder key = new StringBuilder();
        for (char digit : Integer.toString(id).toCharArray()) {
            key.append("\\u003").append(digit);
        }
        return key.toString();
    }

    @Test
    void anEditThatLeavesTheLengthAsItWasIsTakenIn() throws IOException {
        CollectionSchema<?, ?> schema = Book.schema();
        try (JsonStore store = Book.open(directory, schema)) {
            fill(store, schema);
        }
        Path file = directory.resolve("books.json");
        Files.writeString(file, Files.readString(file).replace("ü3000\"", "ö3000\""));
        try (JsonStore store = Book.open(directory, schema)) {
            List<String> all = Book.all(store, schema);
            assertThat(all).hasSize(RECORDS);
            assertThat(all.get(2_999)).contains("ö3000").startsWith((RECORDS + 1) + "/3000 ");
            assertThat(all.get(2_998)).startsWith("2999/2999 ");
        }
    }

    @Test
    void damageThatLeavesTheLengthAsItWasIsNamedWhereItIs() throws IOException {
        CollectionSchema<?, ?> schema = Book.schema();
        try (JsonStore store = Book.open(directory, schema)) {
            fill(store, schema);
        }
        Path file = directory.resolve("books.json");
        String sound = Files.readString(file);
        assertRefused(file, schema, sound.replace("{\"id\":3000,", "{\"id\":3000;"), "record 3000", "line 3001");
        assertRefused(file, schema, sound.replace("{\"id\":5999,", "[\"id\":5999,"), "line 6000");
        assertRefused(
                file, schema, sound.substring(0, sound.length() - 4) + "   \n", "never closed", "line 6001, column 1");
        Files.writeString(file, sound);
        Book.open(directory, schema).close();
    }

    private void assertRefused(Path file, CollectionSchema<?, ?> schema, String text, String... words)
            throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> Book.open(directory, schema))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContainingAll(words);
        assertThat(file).hasContent(text);
    }
}
