package dev.switchover.json.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedRecordsTest {

    private final OrderedRecords ordered = new OrderedRecords();

    @Test
    void whatIsLoadedInOrderStaysSo() {
        List<RawRecord> all = records(1, 3_000);
        ordered.addAll(all);
        assertThat(ordered.toArray()).containsExactlyElementsOf(all);
        assertThat(ordered.size()).isEqualTo(3_000);
    }

    @Test
    void whatIsLoadedOutOfOrderIsPutInOrder() {
        List<RawRecord> all = records(1, 3_000);
        List<RawRecord> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(7));
        ordered.addAll(shuffled);
        assertThat(ordered.toArray()).containsExactlyElementsOf(all);
    }

    @Test
    void theIdDecidesWhereTheOrderIsTheSame() {
        ordered.put(record("b", 1, 7), null);
        ordered.put(record("c", 2, 7), null);
        ordered.put(record("a", 3, 7), null);
        assertThat(ordered.toArray()).extracting(one -> one.id().text()).containsExactly("a", "b", "c");
    }

    @Test
    void whatWasHandedOutDoesNotChange() {
        ordered.addAll(records(1, 10));
        RawRecord[] before = ordered.toArray();
        ordered.put(record("3", 99, 3), before[2]);
        ordered.remove(before[5]);
        assertThat(before).extracting(RawRecord::version).doesNotContain(99L).hasSize(10);
    }

    @Test
    void isLoadedOnlyOnce() {
        ordered.put(record("1", 1, 1), null);
        assertThatThrownBy(() -> ordered.addAll(records(2, 3))).isInstanceOf(IllegalStateException.class);
        ordered.clear();
        ordered.addAll(records(2, 3));
        assertThat(ordered.size()).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsNotRemoved() {
        ordered.addAll(records(1, 10));
        assertThatThrownBy(() -> ordered.remove(record("4", 1, 5))).isInstanceOf(IllegalStateException.class);
        assertThat(ordered.size()).isEqualTo(10);
    }

    @Test
    void whatComesInDescendingOrderBehindFullArraysFillsItsArraysToo() {
        ordered.addAll(records(1, 5_120));
        for (int i = 20_000; i > 5_120; i--) {
            ordered.put(record(Integer.toString(i), i, i), null);
        }
        assertThat(ordered.toArray()).extracting(RawRecord::order).isSorted().hasSize(20_000);
        assertThat(ordered.parts()).isLessThan(20_000 / 200);
    }

    @Test
    void whatIsLeftOfManyLiesInFewArrays() {
        List<RawRecord> all = records(1, 50_000);
        ordered.addAll(all);
        for (RawRecord record : all) {
            if (record.order() % 500 != 0) {
                ordered.remove(record);
            }
        }
        assertThat(ordered.toArray()).extracting(RawRecord::order).isSorted().hasSize(100);
        assertThat(ordered.parts()).isEqualTo(1);
    }

    /** Against a tree, from little to much and back, with orders that collide and records that move. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void isWhatATreeWouldBe(long seed) {
        Random random = new Random(seed);
        TreeMap<RawRecord, RawRecord> tree = new TreeMap<>(
                Comparator.comparingLong(RawRecord::order).thenComparing(RawRecord::id, RecordId.BY_CODE_POINT));
        Map<String, RawRecord> byId = new HashMap<>();
        int ids = seed % 2 == 0 ? 400 : 6_000;
        for (int phase = 0; phase < 4; phase++) {
            int removals = phase % 2 == 0 ? 20 : 70;
            for (int i = 0; i < 2 * ids; i++) {
                String id = Integer.toString(random.nextInt(ids));
                RawRecord old = byId.get(id);
                if (random.nextInt(100) < removals) {
                    if (old != null) {
                        ordered.remove(byId.remove(id));
                        tree.remove(old);
                    }
                    continue;
                }
                long order = order(random, old, seed, i);
                RawRecord next = record(id, i, order);
                ordered.put(next, old);
                if (old != null) {
                    tree.remove(old);
                }
                tree.put(next, next);
                byId.put(id, next);
            }
            assertThat(ordered.toArray()).containsExactly(tree.keySet().toArray(RawRecord[]::new));
            assertThat(ordered.size()).isEqualTo(tree.size());
        }
    }

    private static long order(Random random, RawRecord old, long seed, int i) {
        if (old != null && random.nextInt(4) > 0) {
            return old.order();
        }
        return seed < 4 ? random.nextInt(300) : i;
    }

    private static List<RawRecord> records(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> record(Integer.toString(i), i, i))
                .toList();
    }

    private static RawRecord record(String id, long version, long order) {
        return new RawRecord(new RecordId(id), version, order, new byte[0]);
    }
}
