package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of the mirror is somebody else's, and has a foreign key that JSON knows nothing of. */
class ForeignKeyTest {

    record Pet(long id, String name, @Nullable String owner) {}

    private static final CollectionDefinition<Pet, Long> PETS = CollectionDefinition.of("pets", Pet.class, Long.class)
            .table(TableLayout.columns().existingTable("legacy.pets"))
            .build();
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private SwitchoverStorage open(TestDatabase database, Phase phase) {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(phase));
        environment.put("DATABASE_URL", database.url());
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(PETS)
                .open();
    }

    private static String ask(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    @Test
    void whatItsForeignKeyRefusesIsParkedBlocksNobodyButASwitchover() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            ask(
                    database,
                    "CREATE SCHEMA legacy; CREATE TABLE legacy.owners (name text PRIMARY KEY); CREATE TABLE legacy.pets (id"
                            + " bigint PRIMARY KEY, name text, owner text REFERENCES legacy.owners);"
                            + " CREATE TABLE legacy.visits (pet bigint REFERENCES legacy.pets); INSERT INTO legacy.owners"
                            + " VALUES ('Ada')");
            try (SwitchoverStorage storage = open(database, Phase.JSON_PRIMARY)) {
                storage.repository(PETS).create(new Pet(1, "Tom", "Ada"));
                assertThat(storage.awaitInSync(SOON)).isTrue();
                ask(database, "INSERT INTO legacy.visits VALUES (1)");

                storage.repository(PETS)
                        .saveAll(
                                List.of(new Pet(2, "Rex", "nobody"), new Pet(3, "Kit", null), new Pet(4, "Bo", "Ada")));
                storage.repository(PETS).delete(1L);
                storage.repository(PETS).create(new Pet(5, "Flo", "Ada"));
                await().atMost(SOON).until(() -> storage.parked(PETS).size() == 2);
                assertThat(storage.awaitInSync(SOON)).isTrue();

                assertThat(storage.parked(PETS))
                        .allSatisfy(parked ->
                                assertThat(parked.reason()).contains("23503").doesNotContain("nobody"));
                assertThat(storage.parked(PETS))
                        .extracting(parked -> parked.id())
                        .containsExactlyInAnyOrder("1", "2");
                assertThat(storage.status().collections())
                        .singleElement()
                        .satisfies(pets -> assertThat(pets.parked()).isEqualTo(2));
                assertThat(ask(database, "SELECT string_agg(id::text, ' ' ORDER BY id) FROM legacy.pets"))
                        .isEqualTo("1 3 4 5");
                assertThat(storage.repository(PETS).count()).isEqualTo(4);
            }
            StartRefusedException refused =
                    catchThrowableOfType(StartRefusedException.class, () -> open(database, Phase.DB_PRIMARY));
            assertThat(refused.code()).isEqualTo("PARKED-RECORDS");

            ask(database, "INSERT INTO legacy.owners VALUES ('nobody'); DELETE FROM legacy.visits");
            try (SwitchoverStorage storage = open(database, Phase.JSON_PRIMARY)) {
                assertThat(storage.retryParked(PETS, List.of(1L, 2L))).isEqualTo(2);
                assertThat(storage.awaitInSync(SOON)).isTrue();
                await().atMost(SOON).until(() -> storage.parked(PETS).isEmpty());
            }
            try (SwitchoverStorage storage = open(database, Phase.DB_PRIMARY)) {
                assertThat(storage.repository(PETS).findAll())
                        .extracting(Pet::id)
                        .containsExactly(2L, 3L, 4L, 5L);
            }
        }
    }
}
