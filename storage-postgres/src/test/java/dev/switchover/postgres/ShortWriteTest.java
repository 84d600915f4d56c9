package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer believes what it last saw of the ledger; what is marked and what is fenced is the ledger's to say. */
class ShortWriteTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.OFF);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** One write of every kind, all of which write something. */
    private List<Written> everyKind(CollectionSchema<?, ?> schema, long from) {
        List<Written> done = new ArrayList<>();
        done.add(fixture.write(put(schema, from, "put")));
        done.add(fixture.write(put(schema, from, "put again")));
        done.add(fixture.write(put(schema, from + 1, "created", Expected.ABSENT)));
        long version = done.get(2).version();
        done.add(fixture.write(put(schema, from + 1, "replaced", new Expected.Version(version))));
        done.add(fixture.write(delete(schema, from)));
        version = done.get(3).version();
        done.add(fixture.write(
                new Write.Delete(schema, new RecordId(Long.toString(from + 1)), new Expected.Version(version))));
        done.add(fixture.write(insert(schema, "made")));
        return done;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_belief_that_is_out_of_date_loses_no_mark(boolean columns) {
        CollectionSchema<?, ?> schema = columns ? fixture.columns : fixture.documents;
        List<Mirroring> all = List.of(Mirroring.OFF, Mirroring.SYNCING, Mirroring.ON, Mirroring.OFF, Mirroring.ON);
        for (int kind = 0; kind < 7; kind++) {
            for (int i = 0; i < all.size(); i++) {
                Mirroring mirroring = all.get(i);
                fixture.change(schema, entry -> entry.with(mirroring));
                // The writes before this kind tell the writer what the ledger says; so each kind meets the change once.
                long id = 100L + 20 * i + 1000L * kind;
                Written first = firstOfKind(schema, kind, id);
                assertThat(first.pending()).as("%s, %s", mirroring, first).isEqualTo(mirroring != Mirroring.OFF);
                assertThat(everyKind(schema, id + 10))
                        .allSatisfy(written -> assertThat(written.pending()).isEqualTo(mirroring != Mirroring.OFF));
                assertThat(marked(schema, first)).isEqualTo(mirroring != Mirroring.OFF);
            }
        }
    }

    private Written firstOfKind(CollectionSchema<?, ?> schema, int kind, long id) {
        // Prepared by another instance, so that this one still believes what it did.
        try (PostgresStore other = PostgresStore.open(fixture.settings().poolSize(1), fixture.schemas())) {
            other.serve(schema, 1);
            long version = kind == 0 || kind == 2 || kind == 6
                    ? 0
                    : other.write(List.of(put(schema, id, "before"))).get(0).version();
            return fixture.write(
                    switch (kind) {
                        case 0, 1 -> put(schema, id, "put");
                        case 2 -> put(schema, id, "created", Expected.ABSENT);
                        case 3 -> put(schema, id, "replaced", new Expected.Version(version));
                        case 4 -> delete(schema, id);
                        case 5 ->
                            new Write.Delete(schema, new RecordId(Long.toString(id)), new Expected.Version(version));
                        default -> insert(schema, "made");
                    });
        }
    }

    private boolean marked(CollectionSchema<?, ?> schema, Written written) {
        return fixture.store.pending().take(List.of(schema), 10_000, Long.MAX_VALUE).records().stream()
                .anyMatch(pending -> pending.mark().id().equals(written.id())
                        && pending.mark().version() == written.version());
    }

    @Test
    void whatever_the_writer_believes_the_ledger_fences_it() throws Exception {
        for (Mirroring believed : List.of(Mirroring.OFF, Mirroring.ON)) {
            fixture.change(fixture.documents, entry -> entry.with(believed));
            fixture.write(put(fixture.documents, 7, "before"));
            for (State state : List.of(State.SEALED, State.MIRROR, State.HANDED_OVER, State.RECEIVING)) {
                fixture.change(fixture.documents, entry -> entry.with(state, entry.epoch()));
                assertThatThrownBy(() -> fixture.write(put(fixture.documents, 7, "fenced")))
                        .isInstanceOf(FencedException.class)
                        .hasMessageContaining(state.name());
                assertThatThrownBy(() -> fixture.write(delete(fixture.documents, 7)))
                        .isInstanceOf(FencedException.class);
                assertThatThrownBy(() -> fixture.write(insert(fixture.documents, "fenced")))
                        .isInstanceOf(FencedException.class);
            }
            fixture.sql("UPDATE switchover_ledger SET state = 'ACTIVE', confirmed = true");
        }
        assertThat(fixture.ask("SELECT count(*) || body::text FROM documents GROUP BY body::text"))
                .startsWith("1")
                .contains("before");
    }

    /** What rule 5 needs: once the change is committed and waited for, no write goes by without a mark, however it began. */
    @Test
    void after_the_wait_for_a_change_of_mirroring_every_write_is_marked() throws Exception {
        AtomicBoolean waited = new AtomicBoolean();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch warm = new CountDownLatch(200);
        CountDownLatch after = new CountDownLatch(200);
        Collection<Written> unmarked = new ConcurrentLinkedQueue<>();
        Collection<Written> late = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                futures.add(threads.submit(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        boolean beganAfter = waited.get();
                        Written written = fixture.write(put(fixture.documents, 1 + i % 3, "n" + thread));
                        if (!written.pending()) {
                            (beganAfter ? late : unmarked).add(written);
                        }
                        (beganAfter ? after : warm).countDown();
                    }
                    return null;
                }));
            }
            assertThat(warm.await(30, TimeUnit.SECONDS)).isTrue();
            fixture.change(fixture.documents, entry -> entry.with(Mirroring.SYNCING));
            fixture.store.ledger().quiesce(fixture.documents, Duration.ofSeconds(20));
            waited.set(true);
            assertThat(after.await(30, TimeUnit.SECONDS)).isTrue();
            stop.set(true);
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        assertThat(unmarked).isNotEmpty();
        assertThat(late).isEmpty();
        assertThat(Stream.of(1, 2, 3).map(Object::toString))
                .containsExactlyInAnyOrderElementsOf(
                        fixture.store.pending().take(List.of(fixture.documents), 10, 1_000_000).records().stream()
                                .map(pending -> pending.mark().id().text())
                                .toList());
    }
}
