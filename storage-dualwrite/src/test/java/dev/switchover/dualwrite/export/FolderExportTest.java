package dev.switchover.dualwrite.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.export.FolderExport.Part;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.dualwrite.testing.CorruptingDisk;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.ReadOnlyJsonStore;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while files are written, read back and put in place. */
class FolderExportTest {

    private record Note(String id, String text) {}

    private static final CollectionSchema<?, ?> NOTES = CollectionSchema.of(
            CollectionDefinition.of("notes", Note.class, String.class).build());
    private static final CollectionSchema<?, ?> OTHERS =
            CollectionSchema.of(CollectionDefinition.of("others", Note.class, String.class)
                    .json(JsonLayout.objectKeyedById().in("/deep/er").base64())
                    .build());
    private static final List<CollectionSchema<?, ?>> BOTH = List.of(NOTES, OTHERS);

    @TempDir
    Path directory;

    @TempDir
    Path folder;

    private void notes(String text) throws IOException {
        Files.writeString(directory.resolve("notes.json"), text);
    }

    private ReadOnlyJsonStore files() {
        return JsonStore.openReadOnly(JsonSettings.of(directory), BOTH);
    }

    private ExportReport export(FolderExport export) {
        return export.run(folder, List.of(new Part(Store.JSON, BOTH, files()::snapshot)), RequestProgress.NONE);
    }

    private FolderExport sound() {
        return new FolderExport(directory, Clock.systemUTC());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".switchover-export"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theFormOfTheFileIsKept() throws IOException {
        String text = "[ {\"id\":\"a\",   \"text\":\"é\"} ,\n\n {\"id\":\"b\",\"text\":\"\\u00e9\"}\t]\n\n";
        notes(text);
        export(sound());
        assertThat(folder.resolve("notes.json")).content().isEqualTo(text);
        assertThat(folder.resolve("others.json.b64")).exists();
    }

    @Test
    void whatTheDiskWroteOtherwiseIsNoticedAndTheFileBeforeStays() throws IOException {
        notes("[{\"id\":\"a\",\"text\":\"first\"}]");
        export(sound());
        notes("[{\"id\":\"a\",\"text\":\"second\"}]");
        FolderExport broken = new FolderExport(new CorruptingDisk('s', 'z'), directory, Clock.systemUTC());
        assertThatThrownBy(() -> export(broken))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("not read back as it was written");
        assertThat(folder.resolve("notes.json")).hasContent("[{\"id\":\"a\",\"text\":\"first\"}]");
        assertThat(names()).containsExactly("notes.json", "others.json.b64");
    }

    /** A mistake of ours in writing has to be found too, not only one of the disk's. */
    @Test
    void aRecordThatWasNotWrittenIsMissed() throws IOException {
        notes("[{\"id\":\"a\",\"text\":\"first\"},{\"id\":\"b\",\"text\":\"second\"}]");
        ReadOnlyJsonStore files = files();
        Part part = new Part(Store.JSON, List.of(NOTES), schemas -> new Shortened(files.snapshot(schemas)));
        assertThatThrownBy(() -> sound().run(folder, List.of(part), RequestProgress.NONE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("2 records, and 1");
        assertThat(names()).isEmpty();
    }

    private record Shortened(RecordSnapshot all) implements RecordSnapshot {
        @Override
        public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
            return all.entry(schema);
        }

        @Override
        public long count(CollectionSchema<?, ?> schema) {
            return all.count(schema);
        }

        @Override
        public RecordCursor scan(CollectionSchema<?, ?> schema) {
            return all.scan(schema);
        }

        @Override
        public RecordCursor inOrder(CollectionSchema<?, ?> schema) {
            RecordCursor cursor = all.inOrder(schema);
            RawRecord first = cursor.next();
            return RecordCursor.of(List.of(first).iterator());
        }

        @Override
        public void close() {
            all.close();
        }
    }

    @Test
    void whatTheFileSaysIsComparedNotOnlyItsBytes() throws IOException {
        notes("[{\"id\":\"a\",\"text\":\"1\"}]");
        JsonLayout layout = JsonLayout.array();
        Path file = folder.resolve("any.json");
        Files.writeString(file, " [ {\"id\":\"a\",\"text\":\"1\"}\n]");
        oneNote(layout).requireSame(file, digest(file));
        for (String other : List.of(
                "[]",
                "[{\"id\":\"a\",\"text\":\"1\"},{}]",
                "[{\"id\" :\"a\",\"text\":\"1\"}]",
                "[{\"id\":\"a\",\"text\":1}]",
                "[{\"id\":\"a\",\"text\":\"2\"}]",
                "[{\"id\":\"a\",\"text\":\"\\u0031\"}]",
                "[{\"id\":\"a\",\"text\":\"1 \"}]",
                "[{\"id\":\"a\",\"txet\":\"1\"}]",
                "{\"id\":\"a\",\"text\":\"1\"}",
                "[{\"id\":\"a\",\"text\":\"1\"}")) {
            Files.writeString(file, other);
            ContentCheck check = oneNote(layout);
            assertThatThrownBy(() -> check.requireSame(file, digest(file)))
                    .as(other)
                    .isInstanceOf(IOException.class);
        }
    }

    private ContentCheck oneNote(JsonLayout layout) {
        ContentCheck check = new ContentCheck(layout, Map.of(), null);
        check.begin();
        try (RecordCursor records = files().snapshot(BOTH).inOrder(NOTES)) {
            check.record(records.next());
        }
        check.end();
        return check;
    }

    private static FileDigest digest(Path file) throws IOException {
        return Objects.requireNonNull(FileDigest.of(file));
    }

    /** White space in strings and in records counts, however the text is cut into pieces. */
    @Test
    void textsAreComparedWithoutWhiteSpaceAroundValues() {
        String text = "{ \"a \\\" b\" : [ 1 , {} , \t{ \"\\\\\": \"x  y\" } ],\n\"b\": 2 }";
        String compact = "{\"a \\\" b\":[1,{},{ \"\\\\\": \"x  y\" }],\"b\":2}";
        assertThat(digest(text, 1)).isEqualTo(digest(compact, 100));
        assertThat(digest(text, 3)).isEqualTo(digest(compact, 7));
        assertThat(digest(text.replace("x  y", "x y"), 3)).isNotEqualTo(digest(compact, 7));
        assertThat(digest(text.replace("{ \"\\", "{\"\\"), 3)).isNotEqualTo(digest(compact, 7));
        String large = "{\"\":[\"" + "a b".repeat(40_000) + "\"]}";
        assertThat(digest(" " + large, 200_000)).isEqualTo(digest(large, 11));
    }

    /** However long it is, and whatever somebody else's program has put around it. */
    @Test
    void aWholeValueIsWhatAScannedOneIs() {
        for (String value : List.of("{\"a\": [1, \"]\"]}", " \t{}\n", "{\"a\":\"" + "x y".repeat(40_000) + "\"}")) {
            CompactDigest whole = new CompactDigest(2);
            whole.add(bytes("{\"in\":["), 0, 7);
            whole.addWhole(bytes(value));
            whole.addBetween(',');
            whole.addWhole(bytes(value));
            whole.add(bytes("]}"), 0, 2);
            assertThat(whole.hex()).isEqualTo(digest("{ \"in\" : [" + value + ", " + value + "]}", 5));
        }
    }

    @Test
    void aRecordIsNotTakenForOneWhereNoneCanBe() {
        CompactDigest digest = new CompactDigest(2);
        digest.add(bytes("{"), 0, 1);
        assertThatThrownBy(() -> digest.addWhole(bytes("{}"))).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(String text, int piece) {
        byte[] bytes = bytes(text);
        CompactDigest digest = new CompactDigest(2);
        for (int from = 0; from < bytes.length; from += piece) {
            digest.add(bytes, from, Math.min(bytes.length, from + piece));
        }
        return digest.hex();
    }

    @Test
    void anotherExporterIsWaitedForByNobody() throws IOException {
        notes("[]");
        try (ExportFolder busy = ExportFolder.open(folder, BOTH)) {
            assertThat(busy.path()).isEqualTo(folder.toRealPath());
            assertThatThrownBy(() -> export(sound()))
                    .isInstanceOf(RequestFailedException.class)
                    .hasMessageContaining("Another export");
        }
        assertThat(export(sound()).collections()).hasSize(2);
    }

    @Test
    void whatAKilledExportLeftIsClearedAway() throws IOException {
        notes("[]");
        Files.writeString(folder.resolve(".notes.json.switchover"), "half");
        export(sound());
        assertThat(names()).containsExactly("notes.json", "others.json.b64");
    }
}
