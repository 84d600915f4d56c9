package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import dev.switchover.dualwrite.StorageStatus.Health;
import dev.switchover.dualwrite.StorageStatus.StoreHealth;
import dev.switchover.dualwrite.testing.TcpProxy;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator is told beside a service, and without one. */
class OperatorStatusTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Phase.class)
    void besideARunningServiceTheOperatorSeesWhatTheServiceSees(Phase phase) {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            try (SwitchoverStorage storage = service.open(phase);
                    Operator operator = service.operator(phase)) {
                storage.repository(EXPENSES).create(expense("1"));
                storage.repository(EXPENSES).create(expense("2"));
                storage.repository(NOTES).save(new Note("a", "text"));
                assertThat(storage.awaitInSync(SOON)).isTrue();

                StorageStatus own = storage.status();
                StorageStatus told = operator.status();

                assertThat(told.collections()).hasSameSizeAs(own.collections());
                for (int i = 0; i < told.collections().size(); i++) {
                    CollectionStatus seen = told.collections().get(i);
                    CollectionStatus known = own.collections().get(i);
                    assertThat(seen.phase()).isEqualTo(known.phase()).isEqualTo(phase);
                    assertThat(seen.lastPhase()).isEqualTo(known.lastPhase()).isEqualTo(phase);
                    assertThat(seen.flags()).isEqualTo(known.flags());
                    assertThat(seen.serving()).isEqualTo(known.serving()).isTrue();
                    assertThat(seen.note()).isNull();
                    assertThat(List.of(seen.pending(), seen.parked())).containsExactly(0L, 0L);
                    if (phase.databasePhase()) {
                        assertThat(seen.postgresql())
                                .isEqualTo(known.postgresql())
                                .isNotNull();
                    } else {
                        assertThat(seen.json()).isEqualTo(known.json()).isNotNull();
                    }
                }
                CollectionStatus expenses = told.collections().get(0);
                assertThat(expenses.records().json()).isEqualTo(phase == Phase.DB_ONLY ? 0 : 2);
                assertThat(expenses.records().postgresql()).isEqualTo(phase == Phase.JSON_ONLY ? 0 : 2);
                assertThat(told.toJson())
                        .contains("\"phase\":\"" + phase + "\"")
                        .doesNotContain("food");
            }
        }
    }

    @Test
    void withoutAServiceAnOperatorSeesWhatIsThereAndLeavesNothingBehind() throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            ServiceUnderTest service = new ServiceUnderTest(directory, database);
            Files.writeString(directory.resolve("notes.json"), "[{\"id\":\"a\",\"text\":\"x\"}]");
            try (Operator operator = service.operator(Phase.JSON_ONLY)) {
                StorageStatus status = operator.status();
                assertThat(status.stores()).extracting(StoreHealth::health).containsExactly(Health.OK, Health.EMPTY);
                assertThat(status.collections())
                        .allSatisfy(
                                collection -> assertThat(collection.serving()).isFalse())
                        .extracting(collection -> collection.records().json())
                        .containsExactly(0L, 1L);
            }
            assertThat(filesIn(directory)).containsExactly("notes.json");

            try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                storage.repository(NOTES).save(new Note("b", "y"));
            }
            List<String> before = filesIn(directory);
            try (Operator operator = service.operator(Phase.DB_ONLY)) {
                CollectionStatus notes = operator.status().collections().get(1);
                assertThat(notes.postgresql().state()).isEqualTo(State.ACTIVE);
                assertThat(notes.json().state()).isEqualTo(State.MIRROR);
                assertThat(notes.records().postgresql()).isEqualTo(2);
                assertThat(notes.records().json()).isEqualTo(2);
                assertThat(notes.note()).contains("DB_ONLY").contains("DB_PRIMARY");
            }
            assertThat(filesIn(directory)).isEqualTo(before);
        }
    }

    @Test
    void aDatabaseThatIsAwayIsToldAndJsonIsSeenAllTheSame() {
        try (TestDatabase database = TestDatabase.create()) {
            try (TcpProxy proxy = TcpProxy.before(database)) {
                ServiceUnderTest service = new ServiceUnderTest(directory, proxy.url());
                try (SwitchoverStorage storage = service.open(Phase.DB_PRIMARY)) {
                    storage.repository(NOTES).save(new Note("a", "text"));
                    assertThat(storage.awaitInSync(SOON)).isTrue();
                }
                proxy.cut();
                try (Operator operator = service.operator(Phase.DB_PRIMARY)) {
                    StorageStatus status = operator.status();
                    assertThat(status.stores().get(1).store()).isEqualTo(Store.POSTGRESQL);
                    assertThat(status.stores().get(1).health()).isEqualTo(Health.AWAY);
                    CollectionStatus notes = status.collections().get(1);
                    assertThat(notes.records().json()).isEqualTo(1);
                    assertThat(notes.records().postgresql()).isEqualTo(-1);
                    assertThat(notes.pending()).isEqualTo(-1);
                    assertThat(notes.staleAsOf()).isNotNull();

                    proxy.mend();
                    assertThat(operator.status().stores().get(1).health()).isEqualTo(Health.OK);
                }
            }
        }
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
