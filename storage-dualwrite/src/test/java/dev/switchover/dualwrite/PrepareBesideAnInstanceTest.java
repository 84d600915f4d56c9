package dev.switchover.dualwrite;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.switchover.AsideFiles;
import dev.switchover.dualwrite.switchover.Attached;
import dev.switchover.dualwrite.switchover.DiskSpace;
import dev.switchover.dualwrite.switchover.GuardedStart;
import dev.switchover.dualwrite.switchover.StartLog;
import dev.switchover.dualwrite.switchover.Surroundings;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that serves from the database and knows nothing of the newcomer that wants JSON back. */
class PrepareBesideAnInstanceTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int RECORDS = 1_500;

    @TempDir
    Path directory;

    private TestDatabase database;
    private ServiceUnderTest service;

    @BeforeEach
    void setUp() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
    }

    @AfterEach
    void tearDown() {
        database.close();
    }

    /** An instance that writes without a pause until it is fenced. */
    private static final class Writer {
        private final ConcurrentLinkedQueue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean sealing = new AtomicBoolean();
        private volatile @Nullable Throwable failedBeforeTheSeal;
        private final Thread thread;

        Writer(Repository<Expense, Long> expenses) {
            thread = new Thread(() -> {
                try {
                    while (true) {
                        acknowledged.add(expenses.create(expense("1")).id());
                    }
                } catch (FencedException fenced) {
                    failedBeforeTheSeal = sealing.get() ? null : fenced;
                }
            });
            thread.start();
        }

        void awaitMore(int writes) {
            int before = acknowledged.size();
            await().atMost(SOON).until(() -> acknowledged.size() >= before + writes);
        }
    }

    private static final class Told implements StartLog {
        private static final Pattern COPIED = Pattern.compile("; ([0-9]+) copied to JSON");

        private final Writer writer;
        private int writtenWhilePreparing;
        private int copiedSealed = -1;

        Told(Writer writer) {
            this.writer = writer;
        }

        @Override
        public void step(String collection, String message) {
            if (message.startsWith("checking every record")
                    || message.startsWith("comparing PostgreSQL, while it serves")) {
                int before = writer.acknowledged.size();
                writer.awaitMore(20);
                writtenWhilePreparing += writer.acknowledged.size() - before;
            } else if (message.startsWith("sealing")) {
                writer.sealing.set(true);
            }
            Matcher copied = COPIED.matcher(message);
            if (copied.find()) {
                copiedSealed = Integer.parseInt(copied.group(1));
            }
        }

        @Override
        public void warn(String collection, String message) {}

        @Override
        public void at(Progress.Step step) {}
    }

    @Test
    void whatACrashedPreparationLeftIsEndedByTheInstanceThatServes() throws SQLException {
        try (SwitchoverStorage old = service.open(Phase.DB_ONLY)) {
            old.repository(EXPENSES).create(expense("1"));
            sql("UPDATE switchover_ledger SET mirroring = 'ON', lease_until = now() + interval '4 s'"
                    + " WHERE collection = 'expenses'");
            old.repository(EXPENSES).create(expense("2"));
            await().atMost(SOON)
                    .until(() ->
                            "OFF".equals(sql("SELECT mirroring FROM switchover_ledger WHERE collection = 'expenses'")));
            assertThat(sql("SELECT count(*) FROM switchover_ledger WHERE lease_until > now()"))
                    .as("a worker that lives is left alone")
                    .isEqualTo("0");
            old.repository(EXPENSES).create(expense("3"));
            assertThat(sql("SELECT count(*) FROM switchover_pending")).isEqualTo("1");
        }
        try (SwitchoverStorage json = service.open(Phase.JSON_ONLY)) {
            assertThat(json.repository(EXPENSES).findAll()).hasSize(3);
        }
    }

    private @Nullable String sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    @Test
    void itServesUntilTheSealAndOnlyWhatItWroteLastIsCopiedSealed() throws InterruptedException {
        List<CollectionSchema<?, ?>> schemas = List.of(CollectionSchema.of(EXPENSES), CollectionSchema.of(NOTES));
        try (SwitchoverStorage old = service.open(Phase.DB_ONLY)) {
            Repository<Expense, Long> expenses = old.repository(EXPENSES);
            expenses.saveAll(Collections.nCopies(RECORDS, expense("2")));
            Writer writer = new Writer(expenses);
            writer.awaitMore(20);
            Told told = new Told(writer);
            PostgresSettings settings = PostgresSettings.of(DatabaseUrl.parse(database.url()));
            try (JsonStore json = JsonStore.open(JsonSettings.of(directory), schemas);
                    PostgresStore postgres = PostgresStore.open(settings, schemas)) {
                Surroundings surroundings = new Surroundings(
                        AsideFiles.in(directory, Clock.systemUTC()), DiskSpace.of(directory), Clock.systemUTC(), told);
                new GuardedStart(
                                new Attached.Open(json),
                                new Attached.Open(postgres),
                                SwitchoverSettings.DEFAULTS,
                                surroundings)
                        .start(schemas.get(0), Phase.JSON_ONLY);
                writer.thread.join(SOON.toMillis());

                assertThat(writer.failedBeforeTheSeal).isNull();
                assertThat(told.writtenWhilePreparing).isGreaterThanOrEqualTo(40);
                List<Long> inJson = new ArrayList<>();
                json.list(schemas.get(0), Query.all())
                        .forEach(record -> inJson.add(Long.parseLong(record.id().text())));
                assertThat(inJson).hasSizeGreaterThan(RECORDS).containsAll(writer.acknowledged);
                assertThat(told.copiedSealed)
                        .as("copied sealed, of " + inJson.size())
                        .isBetween(0, RECORDS / 5);
            }
        }
    }
}
