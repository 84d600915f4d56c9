package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.Query;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller is told, and when, if the connection or the server is lost. */
class LostConnectionTest {

    private static final int TRIES = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /**
     * It ends behind the patience of a call that meets it, and before that of whatever would come next: in the middle of a row the
     * driver is patient twice.
     */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private Fixture fixture;
    private TestProxy proxy;
    private PostgresStore store;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.ON);
        DatabaseUrl url = DatabaseUrl.parse(fixture.database.url());
        String[] host = url.hosts().get(0).split(":");
        proxy = new TestProxy(host[0], Integer.parseInt(host[1]));
        store = PostgresStore.open(
                PostgresSettings.of(DatabaseUrl.parse(through())).poolSize(3), fixture.schemas());
        store.prepare();
        fixture.schemas().forEach(schema -> store.serve(schema, 1));
    }

    private String through() {
        String host = DatabaseUrl.parse(fixture.database.url()).hosts().get(0);
        return fixture.database.url().replace(host, "127.0.0.1:" + proxy.port());
    }

    @AfterEach
    void close() {
        store.close();
        proxy.close();
        fixture.close();
    }

    private Written write(Write write) {
        return store.write(List.of(write)).get(0);
    }

    @Test
    void a_single_write_is_one_round_trip() {
        List<Write> writes = List.of(
                put(fixture.documents, 1, "a"),
                put(fixture.columns, 1, "a"),
                insert(fixture.documents, "b"),
                insert(fixture.columns, "b"));
        for (int i = 0; i < 8; i++) {
            writes.forEach(this::write);
        }
        for (Write write : writes) {
            assertThat(roundTrips(() -> write(write))).as("%s", write).isEqualTo(1);
        }
        assertThat(roundTrips(() -> store.find(fixture.documents, new RecordId("1"))))
                .isEqualTo(1);
        assertThat(roundTrips(this::saveWithVersion)).isEqualTo(1 + 1);
        for (int id = 100; id < 100 + TRIES; id++) {
            write(put(fixture.documents, id, "a"));
        }
        AtomicInteger stored = new AtomicInteger(100);
        assertThat(roundTrips(() -> write(Fixture.delete(fixture.documents, stored.getAndIncrement()))))
                .isEqualTo(1);
        assertThat(roundTrips(() -> write(Fixture.delete(fixture.documents, 100))))
                .as("nothing was there, which the short form does not tell from a ledger that has changed")
                .isEqualTo(2);
    }

    /** Reads the version, one round trip, and writes under it. */
    private void saveWithVersion() {
        long version =
                store.find(fixture.documents, new RecordId("1")).orElseThrow().version();
        write(put(fixture.documents, 1, "d", new Expected.Version(version)));
    }

    @Test
    void a_batch_over_two_tables_is_three_round_trips() {
        for (int i = 1; i <= 8; i++) {
            store.write(List.of(put(fixture.documents, i, "a"), put(fixture.columns, i, "a")));
        }
        store.write(List.of(put(fixture.documents, 100, "a"), put(fixture.columns, 100, "a")));
        // Fresh ids each time, below the highest: ids of a unit of work that is still pending cost a trip, a new
        // highest id too.
        AtomicInteger id = new AtomicInteger(50);
        assertThat(roundTrips(() -> {
                    int next = id.incrementAndGet();
                    store.write(List.of(put(fixture.documents, next, "a"), put(fixture.columns, next, "a")));
                }))
                .isEqualTo(3);
    }

    /** The fewest of several tries: a pool asks a connection that has been idle for half a second whether it is alive. */
    private int roundTrips(Runnable call) {
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            int before = proxy.requests();
            call.run();
            fewest = Math.min(fewest, proxy.requests() - before);
        }
        return fewest;
    }

    @Test
    void a_commit_whose_answer_was_lost_is_found_to_have_happened() {
        List<Write> writes = List.of(put(fixture.documents, 1, "a"), put(fixture.columns, 1, "a"));
        proxy.cutAnswerTo("COMMIT");

        List<Written> written = store.write(writes);

        assertThat(written).hasSize(2);
        assertThat(store.find(fixture.documents, new RecordId("1"))
                        .orElseThrow()
                        .version())
                .isEqualTo(written.get(0).version());
        assertThat(fixture.store.pending().summary(fixture.columns).count()).isOne();
    }

    @Test
    void a_single_write_whose_answer_was_lost_is_told_as_unknown() {
        write(put(fixture.documents, 1, "a"));
        proxy.cutAnswerTo("CONFLICT");

        assertThatThrownBy(() -> write(put(fixture.documents, 1, "b"))).isInstanceOf(UnknownOutcomeException.class);
    }

    @Test
    void a_read_whose_connection_was_cut_is_repeated() {
        write(put(fixture.documents, 1, "a"));
        proxy.cutAnswerTo("FROM \"documents\"");

        assertThat(store.find(fixture.documents, new RecordId("1"))).isPresent();
    }

    @Test
    void every_call_against_a_server_that_hangs_ends_in_time() throws Exception {
        write(put(fixture.documents, 1, "a"));
        proxy.hang();
        ExecutorService callers = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> calls = new ArrayList<>();
            for (Runnable call : calls()) {
                calls.add(callers.submit(() -> {
                    long begin = System.nanoTime();
                    assertThatThrownBy(call::run)
                            .isInstanceOfAny(StoreUnavailableException.class, UnknownOutcomeException.class);
                    return Duration.ofNanos(System.nanoTime() - begin).toMillis();
                }));
            }
            for (Future<Long> call : calls) {
                assertThat(call.get()).isLessThan(10_000);
            }
        } finally {
            callers.shutdownNow();
        }
        proxy.goOn();
        // Every connection found its way back, or was replaced.
        for (int i = 0; i < 20; i++) {
            assertThat(store.count(fixture.documents, Query.all())).isNotNegative();
        }
    }

    /** What it says later must not be taken for the answer to something else. */
    @Test
    @Timeout(120)
    void a_scan_whose_server_falls_silent_for_a_while_leaves_no_answer_behind() throws Exception {
        for (int id = 1; id <= 30; id++) {
            write(put(fixture.documents, id, "a"));
        }
        // More than is under way.
        fixture.sql(
                "INSERT INTO documents (id, body, switchover_version, switchover_order) SELECT i,"
                        + " json_build_object('name', 'n', 'text', repeat('x', 5000)), i, i FROM generate_series(1000, 16000) i");
        twiceThroughSilence(other -> {
            try (RecordCursor scan = other.scan(fixture.documents)) {
                assertThat(scan.next().id().text()).isEqualTo("1");
                proxy.hangFor(SILENCE);
                assertThatThrownBy(() -> scan.forEachRemaining(record -> {}))
                        .isInstanceOf(StoreUnavailableException.class);
            }
        });
    }

    @Test
    @Timeout(120)
    void a_load_whose_server_falls_silent_for_a_while_leaves_no_answer_behind() throws Exception {
        for (int i = 1; i <= 30; i++) {
            write(put(fixture.documents, i, "a"));
        }
        fixture.change(fixture.columns, entry -> entry.with(State.MIRROR, 1));
        AtomicInteger id = new AtomicInteger();
        twiceThroughSilence(other -> {
            List<MirrorChange> changes = Stream.generate(id::incrementAndGet)
                    .limit(100)
                    .map(next -> Fixture.present(fixture.columns, next, 5_000 + next, "silent"))
                    .toList();
            proxy.hangBehind("silent", SILENCE); // among the rows
            assertThatThrownBy(() -> other.mirrorTarget().load(fixture.columns, Fixture.fence(), changes.iterator()))
                    .isInstanceOfAny(StoreUnavailableException.class, UnknownOutcomeException.class);
        });
    }

    private void twiceThroughSilence(Consumer<PostgresStore> call) {
        PostgresSettings impatient =
                PostgresSettings.of(DatabaseUrl.parse(through())).poolSize(1).bulkTimeout(PATIENCE);
        try (PostgresStore other = PostgresStore.open(impatient, fixture.schemas())) {
            other.prepare();
            for (int i = 0; i < 2; i++) {
                call.accept(other);
                for (int id = 1; id <= 30; id++) {
                    RecordId wanted = new RecordId(Integer.toString(id));
                    assertThat(other.find(fixture.documents, wanted))
                            .hasValueSatisfying(found -> assertThat(found.id()).isEqualTo(wanted));
                }
            }
        }
    }

    private List<Runnable> calls() {
        return List.of(
                () -> write(put(fixture.documents, 1, "b")),
                () -> store.write(List.of(put(fixture.documents, 1, "b"), put(fixture.columns, 1, "b"))),
                () -> store.find(fixture.documents, new RecordId("1")),
                () -> store.list(fixture.documents, Query.all()),
                () -> store.stream(fixture.documents, Query.all()),
                () -> store.scan(fixture.documents),
                () -> store.scanVersions(fixture.documents),
                () -> store.ping(),
                () -> store.ledger().read(fixture.documents),
                () -> store.ledger().quiesce(fixture.documents, Duration.ofSeconds(5)),
                () -> store.pending().take(List.of(fixture.documents), 10, 10).records(),
                () -> store.mirrorTarget()
                        .apply(
                                Fixture.fences(fixture.documents),
                                List.of(Fixture.absent(fixture.documents, 1, 9)),
                                Map.of()));
    }

    @Test
    void a_server_that_went_away_and_came_back_needs_no_help() {
        write(put(fixture.documents, 1, "a"));
        proxy.close();
        assertThatThrownBy(() -> store.find(fixture.documents, new RecordId("1")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("connection");
    }

    @Test
    void after_close_every_call_says_so() {
        store.close();

        assertThatThrownBy(() -> store.ping())
                .isInstanceOf(StorageException.class)
                .hasMessage("The storage is closed");
    }
}
