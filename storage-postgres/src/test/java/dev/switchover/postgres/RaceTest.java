package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.insert;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.Query;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import dev.switchover.storage.spi.Written.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several threads on few records. */
class RaceTest {

    private static final int THREADS = 6;

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.ON);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(Work work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                futures.add(threads.submit(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * The effects of one record's writes, in the order of their versions, must be a possible history: nothing is created twice
     * without a deletion between, and nothing that is not there is updated. An insert with a version older than a deletion
     * that came first would break it.
     */
    @Test
    void versions_of_one_record_grow_in_the_order_of_its_writes() throws Exception {
        Collection<Written> done = new ConcurrentLinkedQueue<>();
        together(thread -> {
            for (int i = 0; i < 150; i++) {
                boolean batch = i % 10 == 0;
                Write write = ThreadLocalRandom.current().nextInt(3) == 0
                        ? delete(fixture.documents, 1)
                        : put(fixture.documents, 1, "n" + thread + "-" + i);
                List<Written> written = fixture.store.write(
                        batch ? List.of(write, put(fixture.columns, thread + 1, "x")) : List.of(write));
                done.add(written.get(0));
            }
        });
        List<Written> history = done.stream()
                .filter(written -> written.effect() != Effect.NOTHING)
                .sorted(Comparator.comparingLong(Written::version))
                .toList();
        boolean there = false;
        for (Written written : history) {
            assertThat(written.effect() == Effect.CREATED).as("%s", written).isEqualTo(!there);
            there = written.effect() != Effect.DELETED;
        }
        Written last = history.get(history.size() - 1);
        assertThat(fixture.store.find(fixture.documents, new RecordId("1")).map(RawRecord::version))
                .isEqualTo(java.util.Optional.ofNullable(last.record()).map(RawRecord::version));
        assertThat(fixture.store
                        .pending()
                        .take(List.of(fixture.documents), 10, 10_000)
                        .records())
                .singleElement()
                .extracting(pending -> pending.mark().version())
                .isEqualTo(last.version());
    }

    @Test
    void no_update_is_lost() throws Exception {
        fixture.write(put(fixture.columns, 1, "0"));
        AtomicInteger conflicts = new AtomicInteger();
        together(thread -> {
            for (int i = 0; i < 40; ) {
                RawRecord record =
                        fixture.store.find(fixture.columns, new RecordId("1")).orElseThrow();
                int count = Integer.parseInt(Fixture.text(record).replaceAll(".*\"name\":\"(\\d+)\".*", "$1"));
                try {
                    fixture.write(put(
                            fixture.columns, 1, Integer.toString(count + 1), new Expected.Version(record.version())));
                    i++;
                } catch (VersionConflictException e) {
                    assertThat(e.actual()).isGreaterThan(e.expected());
                    conflicts.incrementAndGet();
                }
            }
        });
        assertThat(Fixture.text(
                        fixture.store.find(fixture.columns, new RecordId("1")).orElseThrow()))
                .contains("\"name\":\"" + 40 * THREADS + "\"");
        assertThat(conflicts).hasPositiveValue();
    }

    @Test
    void one_of_all_who_create_the_same_wins() throws Exception {
        AtomicInteger won = new AtomicInteger();
        together(thread -> {
            for (int id = 1; id <= 50; id++) {
                try {
                    fixture.write(put(fixture.documents, id, "n" + thread, Expected.ABSENT));
                    won.incrementAndGet();
                } catch (RecordExistsException e) {
                    assertThat(e.id()).isEqualTo(Integer.toString(id));
                }
            }
        });
        assertThat(won).hasValue(50);
    }

    @Test
    void ids_given_and_ids_made_never_meet() throws Exception {
        Collection<String> made = new ConcurrentLinkedQueue<>();
        together(thread -> {
            try (PostgresStore other = PostgresStore.open(fixture.settings().poolSize(2), fixture.schemas())) {
                other.serve(fixture.documents, 1);
                for (int i = 0; i < 60; i++) {
                    if (i % 6 == 5) {
                        long given = 5L * ThreadLocalRandom.current().nextInt(1, 200);
                        other.write(List.of(put(fixture.documents, given, "given")));
                        other.write(List.of(delete(fixture.documents, given)));
                    } else {
                        made.add(other.write(List.of(insert(fixture.documents, "made")))
                                .get(0)
                                .id()
                                .text());
                    }
                }
            }
        });
        assertThat(made).doesNotHaveDuplicates().hasSize(50 * THREADS);
    }

    @Test
    void batches_in_opposite_orders_all_happen() throws Exception {
        together(thread -> {
            for (int i = 0; i < 20; i++) {
                List<Write> writes = new ArrayList<>();
                for (int id = 1; id <= 10; id++) {
                    writes.add(put(fixture.documents, thread % 2 == 0 ? id : 11 - id, "n"));
                    writes.add(put(fixture.columns, thread % 2 == 0 ? 11 - id : id, "n"));
                }
                fixture.store.write(writes);
            }
        });
        assertThat(fixture.store.count(fixture.documents, Query.all())).isEqualTo(10);
    }
}
