package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.JsonLayout.Encoding;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Further files that are written with a collection's own. */
class FileCopiesTest {

    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private static CollectionSchema<Book, Long> books(JsonLayout layout) {
        return Book.schema("books", layout);
    }

    /** With checkpoints soon after a change. */
    private JsonStore open(CollectionSchema<?, ?> books) {
        JsonSettings settings = JsonSettings.of(data()).withCheckpointDelay(Duration.ofMillis(10));
        return JsonStore.open(settings, List.of(books));
    }

    private static String decoded(Path file) throws IOException {
        return new String(Base64.getMimeDecoder().decode(Files.readAllBytes(file)), StandardCharsets.UTF_8);
    }

    @Test
    void copiesArePlainBase64AndCompressedBesideTheFileAndElsewhereAndOnlyOursToRead() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere")).resolve("books.b64");
        CollectionSchema<Book, Long> books = books(JsonLayout.array()
                .copy("books.copy.json")
                .copy("books.json.gz", Encoding.GZIP)
                .copy(elsewhere.toString(), Encoding.BASE64));
        try (JsonStore store = Book.serving(open(books))) {
            Book.save(store, books, 1, "one");
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(decoded(elsewhere)).contains("one"));
        }
        String own = Files.readString(data().resolve("books.json"));
        assertThat(data().resolve("books.copy.json")).hasContent(own);
        assertThat(decoded(elsewhere)).isEqualTo(own);
        try (InputStream compressed = new GZIPInputStream(Files.newInputStream(data().resolve("books.json.gz")))) {
            assertThat(new String(compressed.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(own);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
                .isEqualTo("rw-------");
    }

    @Test
    void aBase64FileMayHaveAPlainCopy() throws IOException {
        CollectionSchema<Book, Long> books = books(JsonLayout.array().base64().copy("readable.json"));
        try (JsonStore store = Book.serving(open(books))) {
            Book.save(store, books, 1, "one");
        }
        assertThat(data().resolve("readable.json")).hasContent(decoded(data().resolve("books.json.b64")));
    }

    @Test
    void anEditedCopyIsOverwrittenAndNeverRead() throws IOException {
        CollectionSchema<Book, Long> books = books(JsonLayout.array().copy("copy.json"));
        try (JsonStore store = Book.serving(open(books))) {
            Book.save(store, books, 1, "one");
        }
        Files.writeString(data().resolve("copy.json"), "no JSON at all");
        try (JsonStore store = Book.serving(open(books))) {
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(data().resolve("copy.json"))
                            .hasContent(Files.readString(data().resolve("books.json"))));
            assertThat(Book.all(store, books)).hasSize(1);
        }
    }

    @Test
    void aCopyThatCannotBeWrittenFailsNothingIsShownAndTriedAgain() throws IOException {
        Path folder = directory.resolve("not-mounted");
        CollectionSchema<Book, Long> books =
                books(JsonLayout.array().copy(folder.resolve("copy.json").toString()));
        try (JsonStore store = Book.serving(open(books))) {
            Book.save(store, books, 1, "one");
            await().untilAsserted(() -> assertThat(store.copyProblems(books))
                    .singleElement()
                    .asString()
                    .contains("copy.json", "NoSuchFileException"));
            assertThat(data().resolve("books.json")).content().contains("one");
            Files.createDirectory(folder);
            Book.save(store, books, 2, "two");
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(folder.resolve("copy.json")).content().contains("two"));
            await().until(() -> store.copyProblems(books).isEmpty());
        }
    }

    @Test
    void aLinkInPlaceOfTheTemporaryFileIsNotFollowed() throws IOException {
        Path victim = Files.writeString(directory.resolve("victim"), "untouched");
        Files.createDirectories(data());
        Files.createSymbolicLink(data().resolve(".copy.json.switchover"), victim);
        CollectionSchema<Book, Long> books = books(JsonLayout.array().copy("copy.json"));
        try (JsonStore store = Book.serving(open(books))) {
            Book.save(store, books, 1, "one");
        }
        assertThat(victim).hasContent("untouched");
        assertThat(data().resolve("copy.json")).content().contains("one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "books.json",
                "./books.json",
                "sub/../books.json",
                ".books.json.switchover",
                ".switchover/books.json",
                ".switchover",
                "",
                ".",
                "\0"
            })
    void pathsThatAreTakenOrOursAreRefused(String path) {
        CollectionSchema<Book, Long> books = books(JsonLayout.array().copy(path));
        assertThatThrownBy(() -> Book.open(data(), books))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("collection books: the copy");
        assertThat(data()).doesNotExist();
    }

    @Test
    void theFileItselfIsNotCompressed() {
        JsonLayout plain = JsonLayout.array();
        assertThatThrownBy(() -> new JsonLayout(
                        plain.shape(), plain.pointer(), Encoding.GZIP, plain.format(), plain.file(), plain.copies()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void twoCopiesInOnePlaceAreRefused() {
        CollectionSchema<Book, Long> books =
                books(JsonLayout.array().copy("a.json").copy("x/../a.json", Encoding.BASE64));
        assertThatThrownBy(() -> Book.open(data(), books)).isInstanceOf(ConfigurationException.class);
    }
}
