package dev.switchover.dualwrite.faults;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.verify.Finding;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.VersionConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** An id forges no line of a log and steers no terminal: what is told of it is one line of what can be seen. Reports have it exactly. */
class HostileIdsTest {

    private static final List<String> IDS = List.of("a\n2026-01-05 ERROR FORGED", "\u001b[2JFORGED", "\u202eFORGED");
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.switchover");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> said = new ArrayList<>();

    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void listen() {
        database = TestDatabase.create();
        log.start();
        ours.addAppender(log);
    }

    @AfterEach
    void nothingWasForged() {
        ours.detachAppender(log);
        database.close();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            said.add(event.getFormattedMessage());
            if (event.getKeyValuePairs() != null) {
                event.getKeyValuePairs().forEach(pair -> said.add(String.valueOf(pair.value)));
            }
        }
        assertThat(said)
                .anyMatch(line -> line.contains("FORGED"))
                .noneMatch(line -> IDS.stream().anyMatch(line::contains) || line.contains("\u001b"));
    }

    private void fails(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(StorageException.class);
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            said.add(String.valueOf(each.getMessage()));
        }
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void refusalsShowIt(Phase phase) {
        try (SwitchoverStorage storage = new ServiceUnderTest(directory, database).open(phase)) {
            Repository<Note, String> notes = storage.repository(NOTES);
            for (String id : IDS) {
                notes.create(new Note(id, "x"));
                fails(() -> notes.create(new Note(id, "y")));
                fails(() -> notes.save(new Note(id, "y"), 4711));
                fails(() -> notes.delete(id, 4711));
                fails(() -> notes.save(new Note(id, "half \ud800")));
                fails(() -> notes.update(id, was -> new Note("another", "y")));
                fails(() -> notes.saveAll(List.of(new Note(id, "y"), new Note(id, "half \ud800"))));
                fails(() -> storage.inUnitOfWork(work -> work.on(NOTES).create(new Note(id, "y"))));
                VersionConflictException conflict =
                        (VersionConflictException) catchThrowable(() -> notes.save(new Note(id, "y"), 4711));
                assertThat(conflict.id()).isEqualTo(id);
            }
        }
    }

    @Test
    void whatIsParkedDriftsAndIsRepairedShowsIt() throws SQLException {
        try (SwitchoverStorage storage = new ServiceUnderTest(directory, database).open(Phase.JSON_PRIMARY)) {
            Repository<Note, String> notes = storage.repository(NOTES);
            IDS.forEach(id -> notes.save(new Note(id, "x")));
            assertThat(storage.awaitInSync(SOON)).isTrue();
            sql("DELETE FROM notes");
            List<Finding> findings = storage.verify(NOTES).findings();
            assertThat(findings).extracting(Finding::id).containsExactlyInAnyOrderElementsOf(IDS);
            findings.forEach(finding -> said.add(finding.toString()));
            said.add(storage.repair(NOTES, Wish.NOTHING_DELETED, SOON).toString());

            sql("ALTER TABLE notes ADD CONSTRAINT none CHECK (body::text NOT LIKE '%second%')");
            IDS.forEach(id -> notes.save(new Note(id, "second")));
            await().atMost(SOON).until(() -> storage.parked(NOTES).size() == IDS.size());
            assertThat(storage.parked(NOTES))
                    .extracting(parked -> parked.id())
                    .containsExactlyInAnyOrderElementsOf(IDS);
        }
        fails(() ->
                new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY).close());
    }

    @Test
    void aFileThatCannotBeReadShowsIt() throws IOException {
        for (String escaped : List.of("a\\n2026-01-05 ERROR FORGED", "\\u001b[2JFORGED", "\\u202eFORGED")) {
            String record = "{\"id\":\"" + escaped + "\",\"text\":\"x\"}";
            Files.writeString(directory.resolve("notes.json"), "[" + record + "," + record + "]");
            fails(() -> new ServiceUnderTest(directory, (String) null)
                    .open(Phase.JSON_ONLY)
                    .close());
        }
    }
}
