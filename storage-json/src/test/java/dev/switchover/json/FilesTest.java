package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FilesTest {

    private static final JsonLayout ARRAY = JsonLayout.array().format(JsonLayout.Format.COMPACT);

    @TempDir
    Path directory;

    record FilmId(String title, int year) {}

    @Test
    void earthquakesStayByteForByteUntilOneChanges() throws IOException {
        CollectionSchema<?, ?> quakes =
                CollectionSchema.of(CollectionDefinition.of("earthquakes", Map.class, String.class)
                        .json(JsonLayout.array().in("/features").format(JsonLayout.Format.COMPACT))
                        .build());
        roundTrip("earthquakes.json", quakes, 1707);
    }

    @Test
    void filmsStayByteForByteUntilOneChanges() throws IOException {
        CollectionSchema<?, ?> films = CollectionSchema.of(CollectionDefinition.of("films", Map.class, FilmId.class)
                .json(JsonLayout.array().file("movies-1980s.json"))
                .build());
        roundTrip("movies-1980s.json", films, -1);
    }

    private void roundTrip(String name, CollectionSchema<?, ?> schema, int size) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream original = FilesTest.class.getResourceAsStream("/" + name)) {
            assertThat(original).as(name).isNotNull();
            Files.copy(original, file);
        }
        byte[] before = Files.readAllBytes(file);
        try (JsonStore store = Book.serving(Book.open(directory, schema))) {
            store.checkpoint();
            assertThat(file).hasBinaryContent(before);
            List<RawRecord> records = new ArrayList<>();
            store.scan(schema).forEachRemaining(records::add);
            records.removeIf(record -> record.id().isEnvelope());
            if (size >= 0) {
                assertThat(records).hasSize(size);
            }
            // Written anew, with every record as it was: the writer itself has to give the same bytes.
            RawRecord some = records.get(records.size() / 2);
            store.write(List.of(new Write.Put(schema, some.id(), some.body(), Expected.ANY)));
            store.checkpoint();
            assertThat(file).hasBinaryContent(before);
        }
        try (JsonStore store = Book.open(directory, schema)) {
            store.checkpoint();
        }
        assertThat(file).hasBinaryContent(before);
    }

    static List<Arguments> styles() {
        JsonLayout object = JsonLayout.objectKeyedById();
        String base64 = Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.UTF_8))
                .encodeToString("[{\"id\":1,\"title\":\"some title that is long enough for two lines of text\"}]"
                        .getBytes(StandardCharsets.UTF_8));
        return List.of(
                Arguments.of(ARRAY, " \n[ {\"id\":1,\"title\":\"é\"} , {\"title\":\"b\",\"id\":2} ]\t\n"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\"}]"),
                Arguments.of(object, "{\"1\" : {\"title\":\"a\"},\r\n  \"2\" : {\"id\": 2, \"title\":\"b\"}\r\n}"),
                Arguments.of(object, "{\"\\u0031\": {\"id\":1,\"title\":\"key escaped in another way\"}}"),
                Arguments.of(
                        ARRAY.in("/a/b"), "{\"x\":[1.10,{}],\"a\":{\"b\": [ {\"id\":1,\"title\":\"a\"} ],\"c\":1e2}} "),
                Arguments.of(ARRAY.in("/1/b"), "[0, {\"b\":[{\"id\":1,\"title\":\"a\"}]}]"),
                Arguments.of(ARRAY.in("/a~1b"), "{\"a\\/b\":[{\"id\":1,\"title\":\"a\"}]}"),
                Arguments.of(ARRAY.base64(), base64),
                Arguments.of(ARRAY.base64(), base64 + "\r\n"),
                Arguments.of(ARRAY.base64(), base64.replace("\r\n", "")));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aFileKeepsItsStyle(JsonLayout layout, String text) throws IOException {
        CollectionSchema<Book, Long> books = Book.schema("books", layout.file("books.txt"));
        Path file = Files.writeString(directory.resolve("books.txt"), text);
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            RawRecord first = store.find(books, new RecordId("1")).orElseThrow();
            store.write(List.of(new Write.Put(books, first.id(), first.body(), Expected.ANY)));
        }
        assertThat(file).hasContent(text);
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    static List<Arguments> corrupt() {
        JsonLayout object = JsonLayout.objectKeyedById();
        return List.of(
                Arguments.of(ARRAY, "", "line 1, column 1"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\"}", "expected , or ]"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\"},]", "a comma behind the last record"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\"}] x", "there is more behind the records"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a}]", "a string without end"),
                Arguments.of(ARRAY, "[{\"id\":1,\n\"title\":nope}]", "record 1"),
                Arguments.of(
                        ARRAY, "[{\"id\":1,\"title\":\"a\"},\n {\"id\":1,\"title\":\"b\"}]", "record 2 (id 1), line 2"),
                Arguments.of(ARRAY, "[{\"id\":1,\"id\":2,\"title\":\"a\"}]", "record 1"),
                Arguments.of(ARRAY, "[{\"title\":\"a\"}]", "record 1"),
                Arguments.of(ARRAY, "[{\"id\":\"1\",\"title\":\"a\"}]", "record 1"),
                Arguments.of(ARRAY, "[7]", "record 1 is no JSON object"),
                Arguments.of(ARRAY, "{}", "the records are in an array"),
                Arguments.of(ARRAY, "\uFEFF[]", "byte order mark"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\\u0000\"}]", "record 1"),
                Arguments.of(ARRAY, "[{\"id\":1,\"title\":\"a\\ud800\"}]", "record 1"),
                Arguments.of(object, "[]", "the records are in an object"),
                Arguments.of(object, "{\"1\":{\"title\":\"a\"},\"1\":{\"title\":\"b\"}}", "record 2 (id 1)"),
                Arguments.of(object, "{\"1\":{\"id\":2,\"title\":\"a\"}}", "record 1 (id 1)"),
                Arguments.of(object, "{\"one\":{\"title\":\"a\"}}", "record 1"),
                Arguments.of(object, "{1:{\"title\":\"a\"}}", "expected a string"),
                Arguments.of(ARRAY.in("/a"), "{\"b\":[]}", "there is nothing at /a"),
                Arguments.of(ARRAY.in("/a"), "{\"a\":{}}", "an array at /a"),
                Arguments.of(ARRAY.in("/a"), "{\"a\":[],\"a\":1}", "around the records"),
                Arguments.of(ARRAY.in("/a"), "{\"a\":[],\"b\":01}", "around the records"),
                Arguments.of(ARRAY.in("/a"), "{\"a\":[]}}", "more behind"),
                Arguments.of(ARRAY.base64(), "W10*", "not Base64"));
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void aCorruptFileIsRefusedAndNothingIsTouched(JsonLayout layout, String text, String problem) throws IOException {
        Files.writeString(directory.resolve("good.json"), "[{\"id\":1,\"title\":\"good\"}]");
        Path file = Files.writeString(directory.resolve("books.txt"), text);
        CollectionSchema<Book, Long> good = Book.schema("good", ARRAY);
        CollectionSchema<Book, Long> books = Book.schema("books", layout.file("books.txt"));
        assertThatThrownBy(() -> Book.open(directory, good, books))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("books.txt")
                .hasMessageContaining(problem);
        assertThat(Files.readString(file)).isEqualTo(text);
        try (var files = Files.list(directory)) {
            assertThat(files).as("nothing was created").hasSize(2);
        }
    }

    @Test
    void invalidUtf8IsRefusedWithItsPlace() throws IOException {
        Path file = directory.resolve("books.json");
        byte[] text = "[\n{\"id\":1,\"title\":\"??\"}]".getBytes(StandardCharsets.UTF_8);
        text[20] = (byte) 0xC0;
        text[21] = (byte) 0x80;
        Files.write(file, text);
        assertThatThrownBy(() -> Book.open(directory, Book.schema()))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("not UTF-8, line 2, column 19 (offset 20)");
        assertThat(file).hasBinaryContent(text);
    }

    @Test
    void twoCollectionsInOneFileAreRefused() {
        CollectionSchema<Book, Long> one = Book.schema("one", ARRAY.file("same.json"));
        CollectionSchema<Book, Long> two = Book.schema("two", ARRAY.file("same.json"));
        assertThatThrownBy(() -> Book.open(directory, one, two))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("same.json");
    }

    @Test
    void anEmptyDirectoryGetsItsFileWithTheFirstEntryOrWrite() throws IOException {
        CollectionSchema<Book, Long> books =
                CollectionSchema.of(CollectionDefinition.of("books", Book.class, Long.class)
                        .idGeneration(IdGeneration.SEQUENCE)
                        .json(JsonLayout.array().in("/list/books"))
                        .build());
        Path file = directory.resolve("books.json");
        Book.open(directory, books).close();
        assertThat(file).doesNotExist();
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            assertThat(store.hasRecords(books)).isFalse();
        }
        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "list": {
                    "books": []
                  }
                }
                """);
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            assertThat(store.hasRecords(books)).isTrue();
            Book.save(store, books, 1, "one");
        }
        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "list": {
                    "books": [
                      {"id":1,"title":"one"}
                    ]
                  }
                }
                """);
    }

    @Test
    void aMissingFileIsNotTakenForAnEmptyOne() throws IOException {
        CollectionSchema<Book, Long> books = Book.schema();
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Book.save(store, books, 1, "one");
        }
        Files.delete(directory.resolve("books.json"));
        assertThatThrownBy(() -> Book.open(directory, books))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("the file is missing, but it had 1 records");
        assertThat(directory.resolve("books.json")).doesNotExist();
    }
}
