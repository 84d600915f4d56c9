package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.delete;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units of work that share records are taken together, however many write them at one time. */
class JoinedUnitsTest {

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.serving(Mirroring.ON);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<PendingRecord> take(int records) {
        return fixture.store
                .pending()
                .take(List.of(fixture.documents, fixture.columns), records, Long.MAX_VALUE)
                .records();
    }

    private static String name(PendingMark mark) {
        return mark.schema().name() + " " + mark.id();
    }

    private List<String> firstTaken() {
        return take(1).stream().map(pending -> name(pending.mark())).sorted().toList();
    }

    private Write document(long id) {
        return put(fixture.documents, id, "unit");
    }

    private Write column(long id) {
        return put(fixture.columns, id, "unit");
    }

    @Test
    void what_replaces_marks_of_units_is_taken_with_them() {
        fixture.store.write(List.of(document(1), column(1)));
        long older = take(1).stream()
                .map(PendingRecord::mark)
                .filter(mark -> mark.schema() == fixture.documents)
                .findFirst()
                .orElseThrow()
                .version();
        Written single = fixture.write(put(fixture.documents, 1, "single"));
        assertThat(single.behind()).isBetween(older, single.version() - 1);
        assertThat(firstTaken()).containsExactly("columns 1", "documents 1");

        fixture.store.write(List.of(document(2), column(2)));
        assertThat(fixture.write(put(fixture.documents, 9, "alone")).behind()).isZero();
        List<Written> third = fixture.store.write(List.of(document(1), delete(fixture.columns, 2), document(3)));
        assertThat(third).extracting(written -> written.behind() != 0).containsExactly(true, true, false);
        assertThat(third.get(0).behind()).isEqualTo(single.version());
        fixture.store.write(List.of(document(4), column(3), document(3)));
        assertThat(firstTaken())
                .containsExactly(
                        "columns 1",
                        "columns 2",
                        "columns 3",
                        "documents 1",
                        "documents 2",
                        "documents 3",
                        "documents 4");
        assertThat(take(1).stream().map(pending -> pending.mark().unit()).distinct())
                .hasSize(1);
        assertThat(fixture.write(put(fixture.documents, 9, "still alone")).behind())
                .isZero();
    }

    @Test
    void notes_go_when_nothing_is_pending_of_a_unit() throws SQLException {
        fixture.store.write(List.of(document(1), column(1)));
        fixture.store.write(List.of(document(1), column(2)));
        assertThat(fixture.ask("SELECT count(*) FROM switchover_joined")).isEqualTo("2");
        List<PendingMark> all = take(100).stream().map(PendingRecord::mark).toList();
        fixture.store
                .pending()
                .acknowledge(
                        fences(fixture.documents, fixture.columns),
                        all.stream()
                                .filter(mark -> mark.schema() == fixture.columns)
                                .toList());
        assertThat(fixture.ask("SELECT count(*) FROM switchover_joined")).isEqualTo("0");
        fixture.store.pending().acknowledge(fences(fixture.documents, fixture.columns), all);
        assertThat(take(100)).isEmpty();
    }

    @Test
    void a_parked_record_joins_nothing() {
        fixture.store.write(List.of(document(1), column(1)));
        PendingMark refused = take(1).get(0).mark();
        fixture.store.pending().park(Fixture.fence(), refused, "does not fit");
        Write again = refused.schema() == fixture.documents ? document(1) : column(1);
        assertThat(fixture.store.write(List.of(again)).get(0).behind()).isZero();
        assertThat(take(1)).hasSize(1);
    }

    @Test
    void a_chain_longer_than_the_bound_is_cut() {
        int each = PendingSet.JOINED_AT_MOST / 3;
        for (int unit = 0; unit < 4; unit++) {
            int from = 1 + unit * each;
            fixture.store.write(IntStream.range(from, from + each)
                    .mapToObj(id -> document(id == from ? 1 : id))
                    .toList());
        }
        assertThat(take(1)).hasSize(each);
        assertThat(fixture.store.pending().summary(fixture.documents).count()).isEqualTo(4L * each - 3);
    }

    @Test
    void writers_at_one_time_are_all_joined_to_what_they_share() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<List<String>> units = new ArrayList<>();
        try {
            List<Callable<List<String>>> work = new ArrayList<>();
            Random random = new Random(20_260_131);
            for (int i = 0; i < 200; i++) {
                long a = random.nextInt(60);
                long b = random.nextInt(60);
                work.add(() -> fixture.store.write(List.of(document(a), column(b))).stream()
                        .map(written -> written.schema().name() + " " + written.id())
                        .toList());
            }
            for (Future<List<String>> done : writers.invokeAll(work)) {
                units.add(done.get());
            }
        } finally {
            writers.shutdownNow();
        }
        Map<String, Long> unitOf = new HashMap<>();
        take(1_000)
                .forEach(pending ->
                        unitOf.put(name(pending.mark()), pending.mark().unit()));
        assertThat(units)
                .hasSize(200)
                .allSatisfy(
                        unit -> assertThat(unitOf.get(unit.get(0))).isNotZero().isEqualTo(unitOf.get(unit.get(1))));
    }
}
