package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.file.FileStyle;
import dev.switchover.json.file.MalformedFileException;
import dev.switchover.json.file.ParsedFile;
import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.json.testing.Fuzz;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files nobody would write on purpose: they are taken or refused with our own words, and never cost more than they are long. */
class HostileFilesTest {

    private static final JsonLayout ARRAY = JsonLayout.array();
    private static final JsonLayout OBJECT = JsonLayout.objectKeyedById();

    private static final List<CollectionSchema<?, ?>> SCHEMAS = List.of(
            schema(ARRAY, TableLayout.document()),
            schema(ARRAY, TableLayout.columns()),
            schema(OBJECT, TableLayout.document()),
            schema(ARRAY.in("/a/b"), TableLayout.document()),
            schema(OBJECT.in("/a"), TableLayout.columns()),
            schema(ARRAY.base64(), TableLayout.document()));

    @TempDir
    Path root;

    private int directories;

    private static CollectionSchema<?, ?> schema(JsonLayout layout, TableLayout table) {
        return CollectionSchema.of(CollectionDefinition.of("books", Book.class, Long.class)
                .json(layout.file("books.json"))
                .table(table)
                .build());
    }

    private static List<byte[]> sound() {
        String records =
                "{\"id\":1,\"title\":\"é\\ud83d\\ude00\"},\n {\"x\":[1.10,{\"y\":-0.0}],\"title\":null,\"id\":2}";
        String keyed = "{\"1\":{\"title\":\"a\"},\r\n\t\"2\" : {\"id\":2,\"title\":\"b\",\"z\":1e2}}";
        List<byte[]> sound = new ArrayList<>();
        for (String text : List.of(
                "[" + records + "]",
                "[\n  " + records + "\n]\n",
                "[]",
                keyed,
                "{\"v\":1.10,\"a\":{\"b\":[" + records + "],\"c\":[]},\"é\":{}}",
                "{\"a\":" + keyed + ",\"n\":null}",
                "[" + records.repeat(1) + ",{\"id\":3,\"title\":\"" + "x".repeat(300) + "\"}]")) {
            sound.add(text.getBytes(StandardCharsets.UTF_8));
        }
        sound.add(Base64.getMimeEncoder().encode(sound.get(0)));
        return sound;
    }

    @Test
    void aFileIsTakenOrRefusedInOurOwnWords() {
        Fuzz.inputs(15_000, sound(), HostileFilesTest::loaded);
    }

    @Tag("slow")
    @Test
    void aFileIsTakenOrRefusedInOurOwnWordsForLong() {
        Fuzz.untilTheEnd("files", sound(), HostileFilesTest::loaded);
    }

    private static boolean loaded(Random random, byte[] input) {
        CollectionSchema<?, ?> schema = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
        JsonLayout layout = schema.definition().jsonLayout();
        boolean encode = layout.encoding() == JsonLayout.Encoding.BASE64 && random.nextBoolean();
        try {
            ParsedFile file =
                    ParsedFile.parse(encode ? Base64.getEncoder().encode(input) : input, layout, FileStyle.of(layout));
            for (int i = 0; i < file.size(); i++) {
                RecordId key = file.isKeyed() ? schema.parseId(file.key(i)) : null;
                schema.check(file.body(i), key);
            }
            byte[] envelope = file.envelope();
            if (envelope != null) {
                schema.checkEnvelope(envelope);
            }
            return true;
        } catch (MalformedFileException | InvalidRecordException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }

    @Test
    void aDirectoryOpensOrSaysWhatIsWrongAndTheFileStaysAsItIs() throws IOException {
        Fuzz.inputs(150, sound(), this::opened);
    }

    @Tag("slow")
    @Test
    void aDirectoryOpensOrSaysWhatIsWrongAndTheFileStaysAsItIsForLong() throws IOException {
        Fuzz.untilTheEnd("directories", sound(), this::opened);
    }

    /** The input is the user's file, or stands in the place of a file the store left behind. */
    private boolean opened(Random random, byte[] input) {
        Path directory = root.resolve("d" + directories++);
        CollectionSchema<?, ?> schema = SCHEMAS.get(random.nextInt(SCHEMAS.size()));
        try {
            Files.createDirectory(directory);
            Path file = directory.resolve("books.json");
            boolean inside = random.nextBoolean();
            if (inside) {
                try (JsonStore store = Book.serving(open(directory, schema))) {
                    Book.save(store, schema, 1, "one");
                    Book.save(store, schema, 2, "two");
                }
                damageOneOf(directory, random, input);
            } else {
                Files.write(file, input);
            }
            byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            boolean opens = opensTwice(directory, schema);
            if (!inside || !opens) {
                assertThat(Files.exists(file) ? Files.readAllBytes(file) : new byte[0])
                        .isEqualTo(before);
            }
            return opens && !inside;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(directory);
        }
    }

    private static boolean opensTwice(Path directory, CollectionSchema<?, ?> schema) {
        try {
            open(directory, schema).close();
            open(directory, schema).close();
            return true;
        } catch (StorageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }

    private static JsonStore open(Path directory, CollectionSchema<?, ?> schema) {
        return Book.open(directory, FaultyDisk.sound(directory), schema);
    }

    private static void damageOneOf(Path directory, Random random, byte[] input) throws IOException {
        List<Path> files;
        try (var found = Files.walk(directory)) {
            files = found.filter(Files::isRegularFile)
                    .filter(path -> !path.getFileName().toString().contains("lock"))
                    .sorted()
                    .toList();
        }
        Path chosen = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(chosen);
        int at = random.nextInt(bytes.length + 1);
        int length = Math.min(bytes.length - at, random.nextInt(input.length + 1));
        System.arraycopy(input, 0, bytes, at, Math.min(length, input.length));
        Files.write(chosen, random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, at) : bytes);
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
