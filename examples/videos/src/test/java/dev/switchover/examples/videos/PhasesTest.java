package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Web page and command line over one storage, looked at from outside: the table with JDBC, the file with Jackson. */
class PhasesTest {

    @TempDir
    Path root;

    private Path directory;
    private TestDatabase database;

    @BeforeEach
    void create() {
        directory = root.resolve("data");
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void theWholePathForwardAndBackLosesNothing() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (Phase phase : List.of(
                Phase.JSON_ONLY, Phase.JSON_PRIMARY, Phase.DB_PRIMARY, Phase.DB_ONLY, Phase.JSON_ONLY, Phase.DB_ONLY)) {
            try (RunningWeb web = start(phase)) {
                assertThat(web.ids()).as("at the start of " + phase).containsExactlyInAnyOrderElementsOf(expected);
                String number = phase + "-" + expected.size();
                for (String id : List.of("web-" + number, "gone-" + number)) {
                    assertThat(web.put(RunningWeb.video(id, "[00:10] John 3:16 and Mark"))
                                    .status())
                            .isEqualTo(200);
                }
                assertThat(web.send("DELETE", VideoApi.PATH + "/gone-" + number, "", RunningWeb.TOKEN)
                                .status())
                        .isEqualTo(200);
                process(phase, web, transcripts("line-" + number, 2));
                expected.addAll(List.of("web-" + number, "line-" + number + "-0", "line-" + number + "-1"));
                assertThat(web.ids()).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(web.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            }
            if (phase != Phase.DB_ONLY) {
                assertThat(fileIds()).as("the file after " + phase).isEqualTo(expected);
            }
            if (phase != Phase.JSON_ONLY) {
                assertThat(tableIds()).as("the table after " + phase).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aVideoComesOutAsItWentInAndOnlyTheTokenWrites(Phase phase) throws Exception {
        try (RunningWeb web = start(phase)) {
            Video video = RunningWeb.video(
                    "aé-1", "title: Grüße ☕", "url: https://v.example/1", "[00:10] 1 John 4:8, John 99, Psalm 23");
            String body = new String(VideoJson.write(video), StandardCharsets.UTF_8);
            String path = VideoApi.PATH + "/a%C3%A9-1";

            assertThat(web.send("PUT", path, body, null).status()).isEqualTo(401);
            assertThat(web.send("PUT", path, body, "wrong").status()).isEqualTo(401);
            assertThat(web.get(path).status()).isEqualTo(404);
            assertThat(web.send("PUT", path, body, RunningWeb.TOKEN).status()).isEqualTo(200);

            String stored = web.get(path).text();
            assertThat(VideoJson.read(stored.getBytes(StandardCharsets.UTF_8))).isEqualTo(video);
            assertThat(web.get(VideoApi.PATH).json()).hasSize(1);
            assertThat(web.storage().awaitInSync(Duration.ofSeconds(20))).isTrue();
            String table = phase == Phase.JSON_ONLY ? "" : query("SELECT videos::text FROM videos");
            for (String wrong : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{}",
                    body + "x",
                    body.replace("aé-1", "other"),
                    body.replace("Grüße", "\\u0000"),
                    body.replace("Grüße", "\\ud800"),
                    body.replace("{", "[".repeat(2_000) + "{"),
                    body.replaceFirst("\"processed_at\":\"[^\"]*\"", "\"processed_at\":null"),
                    body.replaceFirst("\"processed_at\":\"[^\"]*\"", "\"processed_at\":1e400"),
                    body.replaceFirst("\"counts\":\\{[^}]*}", "\"counts\":null"),
                    body.replaceFirst("\"counts\":\\{[^}]*}", "\"counts\":{\"John\":null}"),
                    body.replaceFirst("\"counts\":\\{[^}]*}", "\"counts\":{\"John\":-1}"),
                    body.replaceFirst("\"counts\":\\{[^}]*}", "\"counts\":{\"John\":1,\"John\":2}"),
                    body.replaceFirst("\"suspect_counts\":\\{[^}]*}", "\"suspect_counts\":[]"),
                    body.replaceFirst("\"positions\":\\{[^}]*}", "\"positions\":{\"John 1\":[null]}"),
                    body.replaceFirst("\"words\":\\d+", "\"words\":1.5"))) {
                assertThat(web.send("PUT", path, wrong, RunningWeb.TOKEN).status())
                        .as(wrong)
                        .isEqualTo(422);
            }
            assertThat(web.get(path).text()).isEqualTo(stored);
            assertThat(web.get(VideoApi.PATH).json()).hasSize(1);
            assertThat(phase == Phase.JSON_ONLY ? "" : query("SELECT videos::text FROM videos"))
                    .isEqualTo(table);
            assertThat(web.send("GET", "/api/admin/storage", "", RunningWeb.TOKEN)
                            .json()
                            .at("/collections/0/phase")
                            .textValue())
                    .isEqualTo(phase.name());
            assertThat(web.send("DELETE", path, "", null).status()).isEqualTo(401);
            assertThat(web.send("DELETE", path, "", RunningWeb.TOKEN).status()).isEqualTo(200);
            assertThat(web.send("DELETE", path, "", RunningWeb.TOKEN).status()).isEqualTo(404);
        }
    }

    @Test
    void theFileIsCompactKeyedByVideoAndThePageLoadsIt() throws IOException {
        try (RunningWeb web = start(Phase.JSON_ONLY)) {
            web.put(RunningWeb.video("b2", "[00:10] John 3:16"));
        }

        String file = Files.readString(directory.resolve(Videos.FILE));
        assertThat(file)
                .isEqualTo(
                        "{\"b2\":{\"video_id\":\"b2\",\"title\":null,\"url\":null,\"processed_at\":\"2026-03-01T10:00:00Z\","
                                + "\"stats\":{\"words\":2,\"scripture_references\":1,\"distinct_references\":1,\"suspects\":0},"
                                + "\"counts\":{\"John\":1},\"suspect_counts\":{},\"positions\":{\"John 3:16\":[10]}}}\n");
        byte[] copy = Files.readAllBytes(directory.resolve(Videos.COPY));
        assertThat(Base64.getMimeDecoder().decode(copy)).asString().isEqualTo(file);
        // A kill between both leaves the copy as it was before.
        Files.writeString(directory.resolve(Videos.COPY), "e30K");
        try (RunningWeb web = start(Phase.JSON_ONLY)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(Files.readAllBytes(directory.resolve(Videos.COPY)))
                            .isEqualTo(copy));
            assertThat(web.get("/results.json").text()).isEqualTo(file);
            assertThat(web.get("/").text())
                    .contains("fetch('results.json')")
                    // What a title holds is text, never a part of the page.
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
        }
    }

    @Test
    void theTableHasFlattenedColumnsAndJsonb() throws SQLException {
        try (RunningWeb web = start(Phase.DB_ONLY)) {
            web.put(RunningWeb.video("b2", "[00:10] John 3:16, Psalm 23 and Mark"));
        }

        assertThat(query("SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name)"
                        + " FROM information_schema.columns WHERE table_name = 'videos'"))
                .contains("video_id text", "processed_at timestamp with time zone")
                .contains("stats_words integer", "stats_scripture_references integer", "stats_suspects integer")
                .contains("counts jsonb", "suspect_counts jsonb", "positions jsonb");
        assertThat(query("SELECT stats_scripture_references FROM videos WHERE counts ? 'Psalms'"
                        + " AND positions @> '{\"John 3:16\": [10]}' AND (suspect_counts->>'Mark')::int = 1"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void anEmptyDatabaseIsFilledFromTheFile(Phase phase) throws Exception {
        Files.createDirectories(directory);
        String file = new String(
                VideoJson.write(Map.of(
                        "old", RunningWeb.video("old", "John 3:16"), "older", RunningWeb.video("older", "Ruth 1"))),
                StandardCharsets.UTF_8);
        Files.writeString(directory.resolve(Videos.FILE), file);

        try (RunningWeb web = start(phase)) {
            assertThat(web.ids()).containsExactlyInAnyOrder("old", "older");
        }

        assertThat(tableIds()).containsExactly("old", "older");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_ONLY", "JSON_PRIMARY"})
    void theCommandLineNeedsTheTokenWhereTheWebProcessWrites(Phase phase) throws IOException {
        try (RunningWeb web = start(phase)) {
            Settings without =
                    new Settings("127.0.0.1", 0, directory, null, web.settings().web());
            List<String> transcripts = transcripts("t", 1);

            assertThatThrownBy(
                            () -> ProcessCommand.run(transcripts, without, RunningWeb.variables(phase, database.url())))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("ADMIN_TOKEN");
            assertThat(ProcessCommand.run(
                            transcripts,
                            new Settings(
                                    "127.0.0.1",
                                    0,
                                    directory,
                                    "wrong",
                                    web.settings().web()),
                            RunningWeb.variables(phase, database.url())))
                    .isEqualTo(1);
            assertThat(web.ids()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void withoutAWebProcessTheCommandLineWritesByItself(Phase phase) throws Exception {
        Settings settings = RunningWeb.settings(directory, 1, RunningWeb.TOKEN);
        List<String> transcripts = transcripts("t", 2);

        assertThat(ProcessCommand.run(transcripts, settings, RunningWeb.variables(phase, database.url())))
                .isZero();

        assertThat(phase.databasePhase() ? tableIds() : fileIds()).containsExactly("t-0", "t-1");
    }

    private RunningWeb start(Phase phase) {
        return RunningWeb.start(directory, RunningWeb.variables(phase, database.url()));
    }

    private void process(Phase phase, RunningWeb web, List<String> files) throws IOException {
        assertThat(ProcessCommand.run(files, web.settings(), RunningWeb.variables(phase, database.url())))
                .isZero();
    }

    private List<String> transcripts(String prefix, int count) throws IOException {
        List<Path> files = IntStream.range(0, count)
                .mapToObj(i -> root.resolve(prefix + "-" + i + ".txt"))
                .toList();
        for (Path file : files) {
            Files.writeString(file, "title: one\n[00:05] John 3:16\n");
        }
        return files.stream().map(Path::toString).collect(Collectors.toList());
    }

    private Set<String> fileIds() throws IOException {
        JsonNode file =
                new ObjectMapper().readTree(directory.resolve(Videos.FILE).toFile());
        return StreamSupport.stream(((Iterable<String>) file::fieldNames).spliterator(), false)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> tableIds() throws SQLException {
        Set<String> ids = new TreeSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT video_id FROM videos")) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
        }
        return ids;
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
