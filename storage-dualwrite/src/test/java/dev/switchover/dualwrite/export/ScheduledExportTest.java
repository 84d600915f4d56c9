package dev.switchover.dualwrite.export;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledExportTest {

    @TempDir
    Path directory;

    @Test
    void aServiceThatIsOpenedLateCatchesUpWhatWasMissed() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                storage.repository(NOTES).save(new Note("a", "exported by itself"));
            }
            // As if the job were known for a day already, in which nobody ran.
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO switchover_job (name, token, holder, since, failures, message)"
                        + " VALUES ('export', 0, '', now() - interval '1 day', 0, '')");
            }
            service.set("SWITCHOVER_EXPORT_SCHEDULE", "every 6h");
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> storage.lastExports().size() == 2);
            }
            assertThat(Files.readString(directory.resolve("notes.json"))).contains("exported by itself");
        }
    }

    @Test
    void whatIsNoScheduleStopsTheStart() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null)
                .set("SWITCHOVER_EXPORT_SCHEDULE", "sometimes")
                .set("SWITCHOVER_SCHEDULE_ZONE", "Nowhere/Town");
        Assertions.assertThatThrownBy(() -> service.open(Phase.JSON_ONLY))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SWITCHOVER_EXPORT_SCHEDULE")
                .hasMessageContaining("daily@02:00")
                .hasMessageContaining("SWITCHOVER_SCHEDULE_ZONE");
    }
}
