package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.console.Console;
import dev.switchover.console.ConsoleRequest;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.backup.BackupFile;
import dev.switchover.dualwrite.backup.BackupKind;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.metrics.SwitchoverMetrics;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a collection was last exported and backed up, wherever it is told. */
class LastReportsTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @Test
    void afterAnExportAndABackupEveryPlaceTellsWhen() throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (TestDatabase database = TestDatabase.create();
                TcpProxy proxy = TcpProxy.before(database)) {
            ServiceUnderTest service = new ServiceUnderTest(directory, proxy.url());
            try (SwitchoverMetrics metrics = new SwitchoverMetrics(registry);
                    SwitchoverStorage storage = service.open(Phase.DB_ONLY);
                    Operator operator = service.operator(Phase.DB_ONLY);
                    Console console = Console.over(storage).open()) {
                metrics.bind(storage);
                storage.repository(EXPENSES).create(expense("1.10"));
                assertThat(expenses(storage.status()).lastExport()).isNull();
                assertThat(expenses(storage.status()).lastBackup()).isNull();

                storage.exportTo(elsewhere);
                BackupFile all = storage.backups().create(BackupKind.MANUAL, List.of());
                BackupFile notes = storage.backups().create(BackupKind.MANUAL, List.of("notes"));
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(expenses(storage.status()).lastBackup())
                                        .isEqualTo(all.time()));
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(expenses(storage.status()).lastExport())
                                        .isNotNull());
                CollectionStatus told = expenses(operator.status());
                assertThat(told.lastExport())
                        .isEqualTo(expenses(storage.status()).lastExport());
                assertThat(told.lastBackup()).isEqualTo(all.time());
                assertThat(operator.status().collections().get(1).lastBackup()).isEqualTo(notes.time());
                assertThat(operator.status().toJson())
                        .contains("\"lastExport\":\"" + told.lastExport(), "\"lastBackup\":\"" + told.lastBackup());
                assertThat(status(console)).contains("\"lastBackup\":\"" + told.lastBackup());
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(age(registry, "switchover.export.age")).isNotNegative();
                    assertThat(age(registry, "switchover.backup.age")).isNotNegative();
                });

                proxy.cut();
                await().atMost(SOON).until(() -> storage.status().databaseAwaySince() != null);
                assertThat(expenses(storage.status()).lastExport())
                        .as("while the database is away: as it was told before")
                        .isEqualTo(told.lastExport());

                Files.delete(all.toPath());
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(expenses(operator.status()).lastBackup())
                                        .as("what is deleted is no backup any more")
                                        .isNull());
            }
        }
    }

    @Test
    void withoutADatabaseBackupsAreToldToo() {
        ServiceUnderTest service = new ServiceUnderTest(directory, (String) null);
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            BackupFile made = storage.backups().create(BackupKind.MANUAL, List.of());
            assertThat(expenses(storage.status()).lastBackup()).isEqualTo(made.time());
        }
    }

    private static CollectionStatus expenses(StorageStatus status) {
        return status.collections().get(0);
    }

    private static double age(MeterRegistry registry, String name) {
        return registry.get(name).tag("collection", "expenses").gauge().value();
    }

    private static String status(Console console) {
        return new String(
                console.answer(new ConsoleRequest("GET", "/status", name -> null, ""))
                        .body(),
                StandardCharsets.UTF_8);
    }
}
