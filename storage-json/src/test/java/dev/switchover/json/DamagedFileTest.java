package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.json.recovery.FileLook;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with more than one fault: all of them are told at once, and nothing is touched. */
class DamagedFileTest {

    private static final String BAD_RECORDS = """
            [
              {"id":"a","n":1},
              {"id":"b","n":"control \u0001 character"},
              "no object",
              {"id":"c","n":NaN},
              {"id":"d","n":"\\u0000"}
              {"id":"e","n":[1, 2, {"deep": "}]"}]},
              {"id":"a","n":"again"},
              {"n":"no id"},
              {"id":"f","n":6,"n":7},
              {"id":"g"},
            ]
            """;

    @TempDir
    Path directory;

    /** Remembers what it is shown. */
    private static final class Shown implements FileLook.Visitor {
        private final List<String> records = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private final List<String> damages = new ArrayList<>();
        private String envelope = "";

        @Override
        public void record(FileLook.Place place, @Nullable String key, byte[] body) {
            records.add(place.describe() + ": " + new String(body, StandardCharsets.UTF_8));
            if (key != null) {
                keys.add(key);
            }
        }

        @Override
        public void envelope(byte[] text) {
            envelope = new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public void damage(String problem) {
            damages.add(problem);
        }
    }

    private static CollectionSchema<?, ?> things(JsonLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of("things", Map.class, String.class)
                .json(layout)
                .build());
    }

    @Test
    void aFileWithBadRecordsIsRefusedNamingEachAndNothingIsTouched() throws IOException {
        Path file = directory.resolve("things.json");
        Files.writeString(file, BAD_RECORDS);

        CorruptFileException refused = catchThrowableOfType(
                CorruptFileException.class, () -> Book.open(directory, things(JsonLayout.array())));

        assertThat(refused)
                .hasMessageContaining("9 things are wrong with it")
                .hasMessageContaining("id b, line 3, byte 3 of it: at /n: holds a raw control character")
                .hasMessageContaining("record 3 is no JSON object")
                .hasMessageContaining("id c, line 5")
                .hasMessageContaining("expected , or ] behind record 5")
                .hasMessageContaining("id d, line 6, byte 3 of it: at /n: holds a NUL character")
                .hasMessageContaining("id a, line 8, byte 3 of it: there is a record with this id before it")
                .hasMessageContaining("a record, line 9, byte 3 of it: at /id: the id is missing")
                .hasMessageContaining("id f, line 10, byte 3 of it: at /n: the key comes twice")
                .hasMessageContaining("a comma behind the last record");
        assertThat(file).hasContent(BAD_RECORDS);
        assertThat(everythingIn(directory)).containsExactly(file);
    }

    @Test
    void aLookGoesOnBehindEveryFaultInsideARecord() {
        Shown shown = new Shown();

        assertThat(look(BAD_RECORDS, JsonLayout.array(), shown)).isTrue();

        assertThat(shown.records)
                .hasSize(9)
                .contains("line 7, byte 3 of it: {\"id\":\"e\",\"n\":[1, 2, {\"deep\": \"}]\"}]}")
                .contains("line 11, byte 3 of it: {\"id\":\"g\"}");
        assertThat(shown.damages).hasSize(3);
    }

    @Test
    void whatCannotBeReadAnyMoreIsSaid() {
        Shown shown = new Shown();

        assertThat(look("[{\"id\":\"a\"}, {\"id\":\"b\",\"n\":[1}, {\"id\":\"c\"}]", JsonLayout.array(), shown))
                .isFalse();

        assertThat(shown.records).hasSize(1);
        assertThat(shown.damages)
                .singleElement()
                .asString()
                .contains("expected ]")
                .contains("from there on, behind record 1, the file was not read");
    }

    @Test
    void aFileThatBreaksOffShowsWhatIsWhole() {
        Shown shown = new Shown();

        assertThat(look(
                        "{\"a\": {\"id\":\"a\"}, \"b\": {\"id\":\"b\", \"n\": \"br",
                        JsonLayout.objectKeyedById(),
                        shown))
                .isFalse();

        assertThat(shown.keys).containsExactly("a");
        assertThat(shown.damages).singleElement().asString().contains("string without end");
    }

    @Test
    void keysThatAreNoneAreNamedAndTheOthersAreShown() {
        Shown shown = new Shown();
        String text = "{\"a\": {}, \"b\\x\": {}, \"c\u0002\": {}, \"d\" : 7, \"e\\u0041\": {}}";

        assertThat(look(text, JsonLayout.objectKeyedById(), shown)).isTrue();

        assertThat(shown.keys).containsExactly("a", "eA");
        assertThat(shown.damages)
                .hasSize(3)
                .anyMatch(problem -> problem.contains("an unknown escape in a key"))
                .anyMatch(problem -> problem.contains("a control character in a string"))
                .anyMatch(problem -> problem.contains("record 4 is no JSON object"));
    }

    @Test
    void invalidUtf8IsAMatterOfItsRecord() {
        Shown shown = new Shown();
        byte[] text =
                "[{\"id\":\"a\"},{\"id\":\"b\",\"n\":\"\u00e9\"},{\"id\":\"c\"}]".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(FileLook.into(text, things(JsonLayout.array()), shown)).isTrue();

        assertThat(shown.records).hasSize(3);
        assertThat(shown.damages).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNamedAndTheRecordsAreShown() {
        Shown shown = new Shown();

        assertThat(look("\uFEFF[{\"id\":\"a\"}]", JsonLayout.array(), shown)).isTrue();

        assertThat(shown.records).hasSize(1);
        assertThat(shown.damages).singleElement().asString().contains("byte order mark");
    }

    @Test
    void whatIsAroundTheRecordsIsShownAlsoWhereARecordIsBad() {
        Shown shown = new Shown();
        String text = "{\"currency\": \"EUR\", \"rows\": [{\"id\": \"a\", \"n\": tru}, 7], \"more\": 1}";

        assertThat(look(text, JsonLayout.array().in("/rows"), shown)).isTrue();

        assertThat(shown.envelope).isEqualTo("{\"currency\": \"EUR\", \"rows\": [], \"more\": 1}");
        assertThat(shown.records).hasSize(1);
    }

    @Test
    void aFileOfAnotherLayoutShowsNothingAndSaysWhatIsExpected() {
        Shown array = new Shown();
        Shown encoded = new Shown();
        String base64 = Base64.getEncoder().encodeToString("[]".getBytes(StandardCharsets.UTF_8));

        assertThat(look("{\"rows\": []}", JsonLayout.array(), array)).isFalse();
        assertThat(look("[{}]", JsonLayout.array().base64(), encoded)).isFalse();

        assertThat(array.damages).singleElement().asString().contains("the records are in an array");
        assertThat(encoded.damages).singleElement().asString().contains("this is not Base64");
        assertThat(look(base64, JsonLayout.array().base64(), encoded)).isTrue();
    }

    private static boolean look(String text, JsonLayout layout, Shown shown) {
        return FileLook.into(text.getBytes(StandardCharsets.UTF_8), things(layout), shown);
    }

    private static List<Path> everythingIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory)).toList();
        }
    }
}
