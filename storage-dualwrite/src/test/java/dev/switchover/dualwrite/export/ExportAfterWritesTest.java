package dev.switchover.dualwrite.export;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.repair.Repair;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.JsonLayout.Encoding;
import dev.switchover.storage.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ExportAfterWritesTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final CollectionDefinition<Note, String> WITH_COPY = CollectionDefinition.of(
                    "notes", Note.class, String.class)
            .json(JsonLayout.array().copy("notes.json.b64", Encoding.BASE64))
            .build();

    private static TestDatabase database;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void anotherFolderFollowsEveryWriteInEveryPhase(Phase phase) throws Exception {
        try (TestDatabase own = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, own)
                    .set("SWITCHOVER_EXPORT_FOLDER", elsewhere.resolve("site").toString())
                    .set("SWITCHOVER_EXPORT_AFTER_WRITES", "24h");
            Path file = elsewhere.resolve("site").resolve("notes.json");
            try (SwitchoverStorage storage = service.open(phase)) {
                for (String text : List.of("first", "second")) {
                    storage.repository(NOTES).save(new Note("a", text));
                    assertThat(storage.awaitCopies(LONG)).isTrue();
                    assertThat(file).content().contains(text);
                }
                storage.repository(NOTES).save(new Note("a", "the last one"));
            }
            assertThat(file).content().contains("the last one");
        }
    }

    @Test
    void inDatabaseOnlyTheOwnFilesAndTheirCopiesFollowEveryWrite() throws Exception {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(Phase.DB_ONLY));
        environment.put("DATABASE_URL", database.url());
        Path copy = directory.resolve("notes.json.b64");
        try (SwitchoverStorage storage = Switchover.builder()
                .directory(directory)
                .environment(environment)
                .exports(settings -> settings.afterWrites(Duration.ofHours(1)))
                .collection(WITH_COPY)
                .open()) {
            for (String text : List.of("first", "second")) {
                storage.repository(WITH_COPY).save(new Note("a", text));
                assertThat(storage.awaitCopies(LONG)).isTrue();
                assertThat(directory.resolve("notes.json")).content().contains(text);
                assertThat(decoded(copy)).contains(text);
            }
            String backup = storage.backups().create().name();
            storage.repository(WITH_COPY).delete("a");
            assertThat(storage.awaitCopies(LONG)).isTrue();
            assertThat(decoded(copy)).doesNotContain("second");
            storage.backups().restore(backup, List.of());
            assertThat(storage.awaitCopies(LONG)).isTrue();
            assertThat(decoded(copy)).as("a restore is followed too").contains("second");
        }
    }

    private static String decoded(Path file) throws Exception {
        return new String(Base64.getDecoder().decode(Files.readString(file).strip()), StandardCharsets.UTF_8);
    }

    /** An export that was deleted is made again by the first one that follows something. */
    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_PRIMARY", "DB_PRIMARY"})
    void aVerificationAskedOfTheServiceIsFollowedByNoExport(Phase phase) throws Exception {
        try (TestDatabase own = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, own)
                    .set("SWITCHOVER_EXPORT_FOLDER", elsewhere.resolve("site").toString())
                    .set("SWITCHOVER_EXPORT_AFTER_WRITES", "24h");
            Path file = elsewhere.resolve("site").resolve("notes.json");
            try (SwitchoverStorage storage = service.open(phase);
                    Operator operator = service.operator(phase)) {
                storage.repository(NOTES).save(new Note("a", "first"));
                assertThat(storage.awaitCopies(LONG)).isTrue();
                Files.delete(file);
                for (boolean quick : List.of(true, false)) {
                    assertThat(operator.verifyInService("notes", quick, LONG, RequestProgress.NONE)
                                    .compared())
                            .isEqualTo(1);
                }
                assertThat(storage.awaitCopies(LONG)).isTrue();
                assertThat(file).doesNotExist();

                operator.repair("notes", Repair.Wish.NOTHING_DELETED, LONG, RequestProgress.NONE);
                assertThat(storage.awaitCopies(LONG)).isTrue();
                assertThat(file).as("another request is followed").content().contains("first");
            }
        }
    }

    @Test
    void whatCannotBeExportedHoldsUpNoWriterAndIsInTheStatus() throws Exception {
        Path site = elsewhere.resolve("site");
        Files.writeString(site, "somebody's file");
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null)
                .set("SWITCHOVER_EXPORT_FOLDER", site.toString())
                .set("SWITCHOVER_EXPORT_AFTER_WRITES", "10ms");
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            storage.repository(NOTES).save(new Note("a", "written all the same"));
            await().atMost(LONG).until(() -> !problems(storage).isEmpty());
            assertThat(problems(storage))
                    .singleElement()
                    .asString()
                    .contains("the export after writes", "name a folder");
            Files.delete(site);
            await().atMost(LONG).until(() -> problems(storage).isEmpty());
            assertThat(site.resolve("notes.json")).content().contains("written all the same");
        }
    }

    private static List<String> problems(SwitchoverStorage storage) {
        return storage.status().collections().stream()
                .filter(collection -> collection.name().equals("notes"))
                .map(CollectionStatus::copyProblems)
                .findFirst()
                .orElseThrow();
    }
}
