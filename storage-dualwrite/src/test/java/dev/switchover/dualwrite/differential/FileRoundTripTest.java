package dev.switchover.dualwrite.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Envelope;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Storage;
import dev.switchover.storage.repository.RawAccess;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files go to PostgreSQL and come back: byte for byte when nothing was changed, and with nothing but the change when something
 * was, in a period without JSON too.
 */
class FileRoundTripTest {

    private static final String ADDED = "\"added é\":[1.10,1e2],";
    private static final Path SAMPLES = Path.of("..", "storage-json", "src", "test", "resources");
    /** What is not free to be copied lies beside the project, where it was put there. */
    private static final Path DATA = Path.of(System.getProperty("switchover.data", "../../shared/data"));

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @ParameterizedTest(name = "columns: {0}")
    @ValueSource(booleans = {false, true})
    void aFileComesBackAsItWasButForWhatWasChanged(boolean columns) throws IOException {
        List<FileCase> cases = cases(columns);
        for (FileCase one : cases) {
            Files.write(file(one), one.bytes(one.text()));
        }
        Map<FileCase, String> expected = new HashMap<>();
        cases.forEach(one -> expected.put(one, one.text()));
        try (TestDatabase database = TestDatabase.create()) {
            Map<FileCase, List<String>> before = new HashMap<>();
            try (SwitchoverStorage storage = open(Phase.JSON_PRIMARY, cases, database)) {
                assertThat(storage.awaitInSync(Duration.ofSeconds(60))).isTrue();
                cases.forEach(one -> before.put(one, texts(storage, one)));
            }
            open(Phase.DB_PRIMARY, cases, database).close();
            filesAre(expected);
            open(Phase.DB_ONLY, cases, database).close();
            open(Phase.JSON_ONLY, cases, database).close();
            filesAre(expected);
            try (Storage storage = open(Phase.DB_ONLY, cases, database)) {
                cases.forEach(one -> change(storage, one, columns, expected));
                ((SwitchoverStorage) storage).exportTo(elsewhere);
                ((SwitchoverStorage) storage).export();
                for (FileCase one : columns ? List.<FileCase>of() : cases) {
                    assertThat(elsewhere.resolve(one.definition().fileName()))
                            .as("%s, %s", one.definition(), one.definition().jsonLayout())
                            .hasSameBinaryContentAs(file(one));
                }
            }
            if (!columns) {
                filesAre(expected);
            }
            try (Storage storage = open(Phase.JSON_ONLY, cases, database)) {
                cases.forEach(one -> othersAreAsBefore(texts(storage, one), before.get(one)));
            }
            if (!columns) {
                filesAre(expected);
            }
        }
    }

    private static List<FileCase> cases(boolean columns) throws IOException {
        List<FileCase> cases = new ArrayList<>();
        cases.add(FileCase.films(Files.readString(SAMPLES.resolve("movies-1980s.json")), columns));
        cases.add(FileCase.quakes(Files.readString(SAMPLES.resolve("earthquakes.json")), columns));
        if (Files.exists(DATA.resolve("countries.json"))) {
            cases.add(FileCase.countries(Files.readString(DATA.resolve("countries.json")), columns));
        } else {
            System.out.println("SKIPPED: countries.json is not in " + DATA + "; name its folder by -Dswitchover.data");
        }
        for (long seed = 1; seed <= 12; seed++) {
            cases.add(FileCase.made(seed, columns));
        }
        return cases;
    }

    /** One record in the middle, and the envelope. */
    private static void change(Storage storage, FileCase one, boolean columns, Map<FileCase, String> expected) {
        RawAccess raw = RawAccess.of(storage);
        var schema = raw.schema(one.definition());
        List<RawRecord> records = raw.access().list(schema, Query.all());
        RawRecord record = records.get(records.size() / 2);
        String text = text(record);
        String changed = "{" + ADDED + text.substring(1);
        raw.access()
                .write(List.of(
                        new Write.Put(schema, record.id(), changed.getBytes(StandardCharsets.UTF_8), Expected.ANY)));
        String file = expected.get(one);
        if (!columns) {
            int place = file.indexOf(text);
            assertThat(place)
                    .as("the record is in the file as it is in the database")
                    .isNotNegative();
            assertThat(file.indexOf(text, place + 1)).as("only once").isNegative();
            file = file.substring(0, place) + changed + file.substring(place + text.length());
        }
        if (one.definition().jsonLayout().hasEnvelope()) {
            Envelope envelope = storage.envelope(one.definition());
            envelope.write("{" + ADDED + envelope.read().substring(1));
            file = "{" + ADDED + file.substring(1);
        }
        expected.put(one, file);
    }

    private void filesAre(Map<FileCase, String> expected) throws IOException {
        for (Map.Entry<FileCase, String> one : expected.entrySet()) {
            assertThat(Files.readString(file(one.getKey())))
                    .as(
                            "%s, %s",
                            one.getKey().definition(), one.getKey().definition().jsonLayout())
                    .isEqualTo(new String(one.getKey().bytes(one.getValue()), StandardCharsets.UTF_8));
        }
    }

    private static void othersAreAsBefore(List<String> now, List<String> before) {
        int changed = before.size() / 2;
        assertThat(now).hasSameSizeAs(before);
        assertThat(now.get(changed)).contains("\"added é\"");
        List<String> others = new ArrayList<>(now);
        others.set(changed, before.get(changed));
        assertThat(others)
                .extracting(FileRoundTripTest::withoutId)
                .isEqualTo(before.stream().map(FileRoundTripTest::withoutId).toList());
    }

    /** A row has no key beside it: a record that lies under one gets its id into its text on the way. */
    private static String withoutId(String text) {
        return text.replaceFirst("\\s*\"id\" ?: ?[0-9]+,?", "");
    }

    private static List<String> texts(Storage storage, FileCase one) {
        RawAccess raw = RawAccess.of(storage);
        return raw.access().list(raw.schema(one.definition()), Query.all()).stream()
                .map(FileRoundTripTest::text)
                .toList();
    }

    private static String text(RawRecord record) {
        return new String(record.body(), StandardCharsets.UTF_8);
    }

    private Path file(FileCase one) {
        return directory.resolve(one.definition().fileName());
    }

    private SwitchoverStorage open(Phase phase, List<FileCase> cases, TestDatabase database) {
        Switchover.Builder builder = Switchover.builder()
                .directory(directory)
                .environment(Map.of(
                        "FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()),
                        "FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()),
                        "DATABASE_URL", database.url()));
        for (FileCase one : cases) {
            CollectionDefinition<?, ?> definition = one.definition();
            builder.collection(definition);
        }
        return builder.open();
    }
}
