package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record may have the very id that people are shown for the envelope; whoever names one never gets the other. */
class EnvelopeIdTest {

    record Section(String id, String label) {}

    private static final CollectionDefinition<Section, String> SECTIONS = CollectionDefinition.of(
                    "sections", Section.class, String.class)
            .json(JsonLayout.array().in("/sections"))
            .build();
    private static final String NAMESAKE = "(envelope)";
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private TestDatabase database;
    private SwitchoverStorage storage;
    private Shell shell;

    @BeforeEach
    void mirror() {
        database = TestDatabase.create();
        Map<String, String> environment = new HashMap<>(flags(Phase.JSON_PRIMARY));
        environment.put("DATABASE_URL", database.url());
        storage = Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(SECTIONS)
                .open();
        shell = Shell.of(directory, SECTIONS)
                .set("DATABASE_URL", database.url())
                .set("FF_DUAL_WRITE_ENABLED", "true");
        storage.envelope(SECTIONS).write("{\"currency\": \"EUR\", \"sections\": []}");
        storage.repository(SECTIONS).save(new Section(NAMESAKE, "first"));
        assertThat(storage.awaitInSync(SOON)).isTrue();
    }

    @AfterEach
    void end() {
        storage.close();
        database.close();
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).as(sql).isNotNegative();
        }
    }

    private List<String> drifting() {
        List<String> ids = new ArrayList<>();
        for (JsonNode one :
                shell.run("verify", "--json").json().path("collections").path(0).path("findings")) {
            ids.add(one.path("id").asText());
        }
        return ids;
    }

    @Test
    void repairCarriesOverTheOneThatIsNamed() throws SQLException {
        sql("DELETE FROM sections");
        sql("DELETE FROM switchover_envelope");
        assertThat(shell.run("verify").out()).contains("MISSING (envelope) ", "MISSING \\u0028envelope) ");
        assertThat(drifting()).containsExactlyInAnyOrder("", NAMESAKE);

        shell.run("repair", "--collection", "sections", "--id", NAMESAKE, "--yes")
                .exits(ExitCode.FOUND);
        assertThat(drifting()).containsExactly("");

        sql("DELETE FROM sections");
        shell.run("repair", "--collection", "sections", "--id", "", "--yes").exits(ExitCode.FOUND);
        assertThat(drifting()).containsExactly(NAMESAKE);

        shell.run("repair", "--yes").exits(ExitCode.DONE);
        assertThat(drifting()).isEmpty();
    }

    @Test
    void parkedOnesAreRetriedAndDiscardedByTheirOwnNames() throws SQLException {
        sql("ALTER TABLE sections ADD CONSTRAINT none CHECK (body::text NOT LIKE '%second%')");
        sql("ALTER TABLE switchover_envelope ADD CONSTRAINT none CHECK (body::text NOT LIKE '%USD%')");
        storage.repository(SECTIONS).save(new Section(NAMESAKE, "second"));
        storage.envelope(SECTIONS).write("{\"currency\": \"USD\", \"sections\": []}");
        await().atMost(SOON).until(() -> storage.parked(SECTIONS).size() == 2);
        assertThat(parked()).containsExactlyInAnyOrder("", NAMESAKE);

        assertThat(shell.run("parked", "discard", "sections", NAMESAKE, "--yes")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("1 record is");
        assertThat(parked()).containsExactly("");

        sql("ALTER TABLE switchover_envelope DROP CONSTRAINT none");
        assertThat(shell.run("parked", "retry", "sections", "--all")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("1 record is");
        await().atMost(SOON).until(() -> parked().isEmpty());
        await().atMost(SOON).until(() -> drifting().equals(List.of(NAMESAKE)));
    }

    private List<String> parked() {
        List<String> ids = new ArrayList<>();
        for (JsonNode one : shell.run("parked", "list", "--json").json().path("parked")) {
            ids.add(one.path("id").asText());
        }
        return ids;
    }
}
