package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes of many callers that share statements: each is what it would be alone. */
@Timeout(60)
class CombinedWriteTest {

    private static final int CALLERS = 24;

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final ExecutorService beside = Executors.newSingleThreadExecutor();
    private final Fixture fixture = Fixture.serving(Mirroring.ON);

    @AfterEach
    void close() {
        callers.shutdownNow();
        beside.shutdownNow();
        fixture.close();
    }

    private interface Work {
        void run(int caller) throws Exception;
    }

    private void together(Work work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int caller = i;
            futures.add(callers.submit(() -> {
                start.await();
                work.run(caller);
                return null;
            }));
        }
        start.countDown();
        for (Future<?> future : futures) {
            future.get();
        }
    }

    private static void requireSame(@Nullable RawRecord stored, @Nullable RawRecord told) {
        assertThat(stored == null ? null : stored.version() + " " + stored.order() + " " + Fixture.text(stored))
                .isEqualTo(told == null ? null : told.version() + " " + told.order() + " " + Fixture.text(told));
    }

    /** Raising the counter of ids waits for every write that is under way; what is below an id that is there needs no raising. */
    private void noIdIsTheHighest() {
        fixture.write(put(fixture.documents, 1_000_000, "highest"));
    }

    private void requireCombined() {
        assertThat(fixture.store.combinedWrites())
                .as("writes that shared a statement; without any this test shows nothing")
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"false, ON", "false, OFF", "true, ON", "true, OFF"})
    void everyWriteIsStoredAndAnsweredAsIfItWereAlone(boolean columns, Mirroring mirroring) throws Exception {
        CollectionSchema<?, ?> schema = columns ? fixture.columns : fixture.documents;
        fixture.change(schema, entry -> entry.with(mirroring));
        Map<Long, Written> last = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Written> all = new ConcurrentLinkedQueue<>();
        together(caller -> {
            for (int i = 0; i < 20; i++) {
                long id = 1 + caller + (i % 3) * CALLERS;
                Written written = fixture.write(put(schema, id, caller + " wrote " + i));
                all.add(written);
                Written before = last.put(id, written);
                assertThat(written.effect()).isEqualTo(before == null ? Effect.CREATED : Effect.UPDATED);
                assertThat(written.id()).isEqualTo(new RecordId(Long.toString(id)));
                assertThat(written.pending()).isEqualTo(mirroring == Mirroring.ON);
                assertThat(before == null ? 0 : before.version()).isLessThan(written.version());
            }
        });
        requireCombined();
        assertThat(all.stream().map(Written::version)).doesNotHaveDuplicates();
        Map<Long, RawRecord> stored = fixture.store.list(schema, Query.all()).stream()
                .collect(Collectors.toMap(record -> Long.valueOf(record.id().text()), record -> record));
        assertThat(stored).hasSize(3 * CALLERS);
        last.forEach((id, written) -> {
            requireSame(stored.get(id), written.record());
            assertThat(Fixture.text(written.record())).contains("\"id\":" + id);
        });
        Map<RecordId, Long> marks = fixture.store.pending().marks(schema, 1_000).stream()
                .collect(Collectors.toMap(PendingMark::id, PendingMark::version));
        assertThat(marks).hasSize(mirroring == Mirroring.ON ? 3 * CALLERS : 0);
        marks.forEach((id, version) ->
                assertThat(version).isEqualTo(last.get(Long.valueOf(id.text())).version()));
    }

    @Test
    void whatIsWrittenTogetherIsHandedOverBeforeItsCallersAreTold() throws Exception {
        Set<Written> handed = Collections.newSetFromMap(Collections.synchronizedMap(new IdentityHashMap<>()));
        Set<Written> told = Collections.newSetFromMap(Collections.synchronizedMap(new IdentityHashMap<>()));
        fixture.store.onGroupCommit(all -> all.forEach(written -> {
            assertThat(told.contains(written)).isFalse();
            handed.add(written);
        }));
        together(caller -> {
            for (int i = 0; i < 20; i++) {
                told.add(fixture.write(put(fixture.documents, 1 + caller, "note " + i)));
            }
        });
        requireCombined();
        assertThat(handed).hasSize((int) fixture.store.combinedWrites());
        assertThat(told).containsAll(handed);

        fixture.store.onGroupCommit(null);
        handed.clear();
        together(caller -> fixture.write(put(fixture.documents, 1 + caller, "later")));
        assertThat(handed).isEmpty();
    }

    @Test
    void whatWentIntoAnOlderCopyIsNotHandedOver() throws Exception {
        Queue<Written> handed = new ConcurrentLinkedQueue<>();
        try (PostgresStore store = PostgresStore.open(
                PostgresSettings.of(
                        unseen(DatabaseUrl.parse(fixture.database.url()).dataSource())),
                fixture.store.schemas())) {
            store.prepare();
            store.serve(fixture.documents, 1);
            for (int i = 0; i < 1_000; i++) {
                store.write(List.of(put(fixture.documents, 1 + i % CALLERS, "note")));
            }
            store.onGroupCommit(handed::addAll);
            fixture.sql("SELECT setval('switchover_version_documents', 1)");
            together(caller -> {
                for (int i = 0; i < 20; i++) {
                    assertThatThrownBy(() -> store.write(List.of(put(fixture.documents, 1 + caller, "lost"))))
                            .hasMessageContaining("went back in time");
                }
            });
            assertThat(store.combinedWrites()).isPositive();
        }
        assertThat(handed).isEmpty();
    }

    /** As from a host's pool that hides the driver's connections: a server that went back is not seen before it is written to. */
    private static DataSource unseen(DataSource source) {
        return proxy(DataSource.class, (method, arguments) -> {
            Object answer = method.invoke(source, arguments);
            return answer instanceof Connection connection
                    ? proxy(
                            Connection.class,
                            (call, values) ->
                                    call.getName().equals("isWrapperFor") ? false : call.invoke(connection, values))
                    : answer;
        });
    }

    private interface Handler {
        @Nullable
        Object invoke(Method method, @Nullable Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return handler.invoke(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void oneThatTheDatabaseRefusesFailsAlone(boolean columns) throws Exception {
        CollectionSchema<?, ?> schema = columns ? fixture.columns : fixture.documents;
        String name = columns ? "name" : "body ->> 'name'";
        fixture.sql("ALTER TABLE " + (columns ? "columns" : "documents") + " ADD CONSTRAINT decent CHECK (" + name
                + " <> 'indecent')");
        AtomicInteger refused = new AtomicInteger();
        together(caller -> {
            for (int i = 0; i < 20; i++) {
                boolean indecent = caller == 0 || (caller + i) % 10 == 0;
                try {
                    fixture.write(put(schema, 1 + caller + i * CALLERS, indecent ? "indecent" : "decent"));
                    assertThat(indecent).isFalse();
                } catch (RecordRefusedException e) {
                    assertThat(indecent).isTrue();
                    assertThat(e).hasMessageContaining("decent").hasMessageContaining("23514");
                    refused.incrementAndGet();
                }
            }
        });
        requireCombined();
        assertThat(refused).hasPositiveValue();
        assertThat(fixture.store.count(schema, Query.all())).isEqualTo(CALLERS * 20L - refused.get());
        assertThat(fixture.store.pending().summary(schema).count()).isEqualTo(CALLERS * 20L - refused.get());
    }

    @Test
    void anIdThatSomebodyElseHoldsKeepsNobodyElseWaiting() throws Exception {
        noIdIsTheHighest();
        long held = 1;
        fixture.write(put(fixture.documents, held, "before"));
        AtomicInteger others = new AtomicInteger();
        CountDownLatch underWay = new CountDownLatch(2 * CALLERS);
        AtomicBoolean released = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(CALLERS - 1);
        try (Connection connection = fixture.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            RecordTable table = RecordTable.of(fixture.documents, new Names(null));
            statement.execute("SELECT pg_advisory_xact_lock(" + WriteSql.lockSpace(new Names(null), table) + ", "
                    + WriteSql.lockOf("1") + ")");
            Future<?> writers = beside.submit(() -> {
                together(caller -> {
                    if (caller == 0) {
                        underWay.await(); // whoever comes first goes alone
                        fixture.write(put(fixture.documents, held, "after"));
                        assertThat(released).isTrue();
                    } else {
                        for (int i = 1; i <= 20; i++) {
                            fixture.write(put(fixture.documents, 1_000L * caller + i, "beside"));
                            others.incrementAndGet();
                            underWay.countDown();
                        }
                        done.countDown();
                    }
                });
                return null;
            });
            try (Connection looking = fixture.database.connect()) {
                // A statement that waits is given up in time, so that who is in it with others would only be late.
                while (!done.await(10, TimeUnit.MILLISECONDS)) {
                    assertThat(combinedThatWait(looking)).isZero();
                    assertThat(writers.isDone()).isFalse();
                }
            }
            assertThat(others).hasValue((CALLERS - 1) * 20);
            released.set(true);
            connection.commit();
            writers.get();
        }
        requireCombined();
        assertThat(Fixture.text(
                        fixture.store.find(fixture.documents, new RecordId("1")).orElseThrow()))
                .contains("after");
    }

    /** Statements of several callers that wait for the lock of an id. */
    private static int combinedThatWait(Connection looking) throws SQLException {
        try (Statement statement = looking.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE datname ="
                        + " current_database() AND pid <> pg_backend_pid() AND wait_event = 'advisory' AND query LIKE"
                        + " '%unnest(%'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Nothing tells beforehand that a row is locked: its statement is given up, and each of it is written alone. */
    @Test
    void rowsThatSomebodyHasLockedByHandDoNotKeepTheOthersFromBeingWritten() throws Exception {
        noIdIsTheHighest();
        // Fewer than there are connections, which wait, too.
        int locked = 5;
        for (int id = 1; id <= locked; id++) {
            fixture.write(put(fixture.documents, id, "before"));
        }
        CountDownLatch done = new CountDownLatch(CALLERS - locked);
        try (Connection connection = fixture.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT 1 FROM documents WHERE id <= " + locked + " FOR UPDATE");
            Future<?> writers = beside.submit(() -> {
                together(caller -> {
                    if (caller < locked) {
                        fixture.write(put(fixture.documents, 1 + caller, "after"));
                    } else {
                        for (int i = 1; i <= 5; i++) {
                            fixture.write(put(fixture.documents, 1_000L * caller + i, "beside"));
                        }
                        done.countDown();
                    }
                });
                return null;
            });
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            connection.commit();
            writers.get();
        }
        assertThat(fixture.ask("SELECT count(*) FROM documents WHERE body ->> 'name' = 'after'"))
                .isEqualTo(Integer.toString(locked));
        assertThat(fixture.ask("SELECT count(*) FROM documents WHERE body ->> 'name' = 'beside'"))
                .isEqualTo(Integer.toString((CALLERS - locked) * 5));
    }

    @Test
    void onceTheLedgerIsSealedEveryCallerIsFenced() throws Exception {
        AtomicInteger before = new AtomicInteger();
        AtomicInteger fenced = new AtomicInteger();
        CountDownLatch warm = new CountDownLatch(CALLERS);
        CountDownLatch sealed = new CountDownLatch(1);
        Future<?> sealing = beside.submit(() -> {
            warm.await();
            fixture.change(fixture.documents, entry -> entry.with(State.SEALED, entry.epoch()));
            sealed.countDown();
            return null;
        });
        together(caller -> {
            for (int i = 0; i < 10; i++) {
                fixture.write(put(fixture.documents, 1 + caller, "before " + i));
                before.incrementAndGet();
            }
            warm.countDown();
            sealed.await();
            for (int i = 0; i < 5; i++) {
                try {
                    fixture.write(put(fixture.documents, 1_000 + caller, "after"));
                } catch (FencedException e) {
                    fenced.incrementAndGet();
                }
            }
        });
        sealing.get();
        requireCombined();
        assertThat(before).hasValue(CALLERS * 10);
        assertThat(fenced).hasValue(CALLERS * 5);
        assertThat(fixture.store.count(fixture.documents, Query.all())).isEqualTo(CALLERS);
    }

    @Test
    void markingThatBeginsWhileTheyWriteIsFollowed() throws Exception {
        fixture.change(fixture.documents, entry -> entry.with(Mirroring.OFF));
        CountDownLatch warm = new CountDownLatch(CALLERS);
        CountDownLatch marking = new CountDownLatch(1);
        Future<?> changing = beside.submit(() -> {
            warm.await();
            fixture.change(fixture.documents, entry -> entry.with(Mirroring.SYNCING));
            marking.countDown();
            return null;
        });
        together(caller -> {
            for (int i = 0; i < 10; i++) {
                assertThat(fixture.write(put(fixture.documents, 1 + caller, "before " + i))
                                .pending())
                        .isFalse();
            }
            warm.countDown();
            marking.await();
            for (int i = 0; i < 10; i++) {
                assertThat(fixture.write(put(fixture.documents, 1 + caller, "after " + i))
                                .pending())
                        .isTrue();
            }
        });
        changing.get();
        requireCombined();
        assertThat(fixture.store.pending().summary(fixture.documents).count()).isEqualTo(CALLERS);
    }

    /** Versions are drawn behind the locks: whoever comes later has the higher one, also beside deletions and batches. */
    @Test
    void onFewIdsVersionsTellTheOrder() throws Exception {
        ConcurrentLinkedQueue<Written> all = new ConcurrentLinkedQueue<>();
        together(caller -> {
            for (int i = 0; i < 25; i++) {
                long id = 1 + (caller + i) % 5;
                all.addAll(
                        i % 5 == 4
                                ? List.of(fixture.write(delete(fixture.documents, id)))
                                : i % 7 == 3
                                        ? fixture.store.write(List.of(
                                                put(fixture.documents, id, caller + " batch " + i),
                                                put(fixture.documents, 5 + id, "beside")))
                                        : List.of(fixture.write(put(fixture.documents, id, caller + " put " + i))));
            }
        });
        requireCombined();
        for (int id = 1; id <= 5; id++) {
            RecordId recordId = new RecordId(Integer.toString(id));
            List<Written> history = all.stream()
                    .filter(written -> written.id().equals(recordId) && written.version() != 0)
                    .sorted((a, b) -> Long.compare(a.version(), b.version()))
                    .toList();
            boolean there = false;
            for (Written written : history) {
                assertThat(written.effect())
                        .as("version %s of %s", written.version(), recordId)
                        .isIn(there ? List.of(Effect.UPDATED, Effect.DELETED) : List.of(Effect.CREATED));
                there = written.effect() != Effect.DELETED;
            }
            Written newest = history.get(history.size() - 1);
            requireSame(fixture.store.find(fixture.documents, recordId).orElse(null), newest.record());
        }
    }

    @Test
    void ofAStatementWhoseAnswerWasLostEachCallerIsToldThatTheOutcomeIsUnknown() throws Exception {
        DatabaseUrl url = DatabaseUrl.parse(fixture.database.url());
        String[] host = url.hosts().get(0).split(":");
        try (TestProxy proxy = new TestProxy(host[0], Integer.parseInt(host[1]));
                PostgresStore store = PostgresStore.open(
                        PostgresSettings.of(DatabaseUrl.parse(
                                fixture.database.url().replace(url.hosts().get(0), "127.0.0.1:" + proxy.port()))),
                        fixture.schemas())) {
            store.prepare();
            store.serve(fixture.documents, 1);
            Map<Long, Boolean> known = new ConcurrentHashMap<>();
            store.write(List.of(put(fixture.documents, 9_999, "warm")));
            proxy.cutAnswerTo("unnest");
            AtomicInteger unknown = new AtomicInteger();
            together(caller -> {
                for (int i = 0; i < 20; i++) {
                    long id = 1 + caller + (long) i * CALLERS;
                    Write write = put(fixture.documents, id, "written");
                    try {
                        store.write(List.of(write));
                        known.put(id, true);
                    } catch (UnknownOutcomeException e) {
                        unknown.incrementAndGet();
                        known.put(id, false);
                    }
                }
            });
            assertThat(unknown).hasValueGreaterThanOrEqualTo(2);
            known.forEach((id, sure) -> {
                // The request came through: what is unknown is there, too, in this case.
                assertThat(fixture.store.find(fixture.documents, new RecordId(Long.toString(id))))
                        .as("%s, %s", id, sure)
                        .isPresent();
            });
        }
    }
}
