package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.postgres.testing.TestCluster;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.BoundedApply;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.MirrorTarget;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server that is killed has of what was applied to it, and who learns of it. */
@Timeout(180)
class UnforcedAppliesTest {

    /** Nobody forces anything meanwhile but those who commit. */
    private static final String[] LAZY = {"wal_writer_delay = 10s", "autovacuum = off"};

    private static final int ATTEMPTS = 5;

    private final CollectionSchema<?, ?> documents = Fixture.items("documents", TableLayout.document());
    private final Map<CollectionSchema<?, ?>, Fence> fences = fences(documents);
    private static TestCluster server;
    private PostgresStore store;
    private MirrorTarget target;

    private enum Way {
        ONE,
        MANY,
        ON_AN_OWN_CONNECTION
    }

    @BeforeAll
    static void startServer() {
        server = TestCluster.start(LAZY);
    }

    @AfterAll
    static void endServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void start() {
        server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        store = PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(server.url())), List.of(documents));
        store.prepare();
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(State.MIRROR, 1);
        assertThat(store.ledger().compareAndSet(documents, null, entry, "test")).isTrue();
        target = store.mirrorTarget();
    }

    @AfterEach
    void end() {
        store.close();
    }

    private void apply(Way way, long first) {
        List<MirrorChange> changes = new ArrayList<>();
        for (long id = first; id < first + (way == Way.MANY ? 10 : 1); id++) {
            changes.add(present(documents, id, id, "note"));
        }
        if (way != Way.ON_AN_OWN_CONNECTION) {
            target.apply(fences, changes, Map.of());
            return;
        }
        try (BoundedApply own = target.within(Duration.ofSeconds(5))) {
            await().until(() -> {
                own.makeReady();
                return own.apply(fences, changes, Map.of());
            });
        }
    }

    private List<Long> stored() {
        return store.list(documents, Query.all()).stream()
                .map(record -> Long.valueOf(record.id().text()))
                .sorted()
                .toList();
    }

    private void killServer() {
        server.kill();
        server.begin();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            store.ping();
            return true;
        });
    }

    @Test
    void whatWasForcedOutlivesTheServer() {
        for (long id = 1; id <= 20; id++) {
            apply(Way.ONE, id);
        }
        apply(Way.MANY, 21);
        target.force(fences);
        killServer();
        assertThat(stored())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
        apply(Way.ONE, 31);
        target.force(fences);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatTheServerLostIsNotTakenForDurable(Way way) {
        boolean lost = false;
        for (int i = 0; i < ATTEMPTS && !lost; i++) {
            apply(Way.ONE, 1 + 100L * i);
            target.force(fences);
            apply(way, 50 + 100L * i);
            killServer();
            lost = !stored().contains(50 + 100L * i);
            assertThat(stored()).contains(1 + 100L * i);
        }
        assertThat(lost).as("an apply does not wait for the disk").isTrue();
        assertThatThrownBy(() -> target.force(fences))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
        assertThatThrownBy(() -> apply(Way.ONE, 1_000))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("went back in time");
    }

    /** What was loaded need not be pending anywhere. */
    @Test
    void whatWasLoadedOutlivesTheServer() {
        load(1, 5);
        load(3, 8); // some of it is there, so it goes the ordinary way
        killServer();
        assertThat(stored())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 8).boxed().toList());
        RawRecord third = store.find(documents, new RecordId("3")).orElseThrow();
        assertThat(third.version()).isEqualTo(303);
    }

    /** As behind a pooler that refuses options, for a role that does not wait for the disk. */
    @Test
    void whatWasLoadedOutlivesTheServerWhateverTheSessionSays() {
        store.close();
        server.execute("ALTER DATABASE app SET synchronous_commit = off");
        try {
            store = PostgresStore.open(
                    PostgresSettings.of(DatabaseUrl.parse(server.url())).sessionOptions(false), List.of(documents));
            store.prepare();
            target = store.mirrorTarget();
            load(1, 5);
            killServer();
            assertThat(stored()).containsExactly(1L, 2L, 3L, 4L, 5L);
        } finally {
            server.execute("ALTER DATABASE app RESET synchronous_commit");
        }
    }

    private void load(long first, long last) {
        target.load(
                documents,
                Fixture.fence(),
                LongStream.rangeClosed(first, last)
                        .mapToObj(id -> present(documents, id, id + 100 * first, "note"))
                        .iterator());
    }

    /** The one whose records they are has lost its place, and what is pending goes to the other. */
    @Test
    void anotherWorkersTermIsFenced() {
        apply(Way.ONE, 1);
        LedgerEntry entry = store.ledger().read(documents).orElseThrow();
        assertThat(store.ledger().compareAndSet(documents, entry, entry.withTerm(1), "test"))
                .isTrue();
        assertThatThrownBy(() -> target.force(fences))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("term 1");
        Fence next = new Fence(1, 1);
        target.force(Map.of(documents, next));
        target.apply(Map.of(documents, next), List.of(present(documents, 2, 2, "note")), Map.of());
        target.force(Map.of(documents, next));
        killServer();
        assertThat(stored()).containsExactly(1L, 2L);
    }
}
