package dev.switchover.json.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many records are restored on two threads, few on one; what comes out is the same. */
class CollectionStateTest {

    private record Thing(long id, String text) {}

    private static final CollectionSchema<?, ?> THINGS = CollectionSchema.of(
            CollectionDefinition.of("things", Thing.class, Long.class).build());

    private static RawRecord record(long id, long order) {
        byte[] body = ("{\"id\":" + id + ",\"order\":" + order + "}").getBytes(StandardCharsets.UTF_8);
        return new RawRecord(
                id < 0 ? RecordId.ENVELOPE : new RecordId(Long.toString(id)), order, id < 0 ? 0 : order, body);
    }

    private static void assertSameAsOneByOne(List<RawRecord> records) {
        CollectionState atOnce = new CollectionState(THINGS);
        atOnce.inOrder();
        atOnce.restore(records);
        assertSameAsOneByOne(records, atOnce);
    }

    private static void assertSameAsOneByOne(List<RawRecord> records, CollectionState atOnce) {
        CollectionState oneByOne = new CollectionState(THINGS);
        records.forEach(record -> oneByOne.restore(List.of(record)));
        assertThat(atOnce.inOrder()).containsExactly(oneByOne.inOrder());
        assertThat(atOnce.size()).isEqualTo(oneByOne.size());
        assertThat(atOnce.ids()).isEqualTo(Set.copyOf(oneByOne.ids()));
        oneByOne.ids().forEach(id -> assertThat(atOnce.find(id)).isSameAs(oneByOne.find(id)));
        assertThat(atOnce.issued().get()).isEqualTo(oneByOne.issued().get());
    }

    private static List<RawRecord> shuffled(long seed) {
        Random random = new Random(seed);
        List<RawRecord> records = new ArrayList<>();
        for (int id = 0; id < 6_000; id++) {
            records.add(record(id, random.nextInt(4_000)));
        }
        records.add(random.nextInt(6_000), record(-1, 1));
        return records;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void inWhateverOrder(long seed) {
        assertSameAsOneByOne(shuffled(seed));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void ofAnIdThatIsThereTwiceTheLastOneCounts(long seed) {
        List<RawRecord> records = shuffled(seed);
        records.add(record(17, 99));
        RawRecord first = records.get(0);
        records.add(new RawRecord(first.id(), first.version() + 1, first.order(), new byte[] {'{', '}'}));
        assertSameAsOneByOne(records);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 6_000})
    void bySomebodyWhoHasThemByIdAlready(int count) {
        List<RawRecord> records = shuffled(4).subList(0, count);
        Map<RecordId, RawRecord> byId = new HashMap<>();
        records.forEach(record -> byId.put(record.id(), record));
        CollectionState state = new CollectionState(THINGS);
        state.inOrder();
        state.restore(records, byId);
        assertSameAsOneByOne(records, state);
        RawRecord later = record(200_000, 7);
        state.restore(List.of(later));
        assertThat(state.find(later.id())).isSameAs(later);
    }

    @Test
    void whoeverHasThemByIdHasEachOfThemOnceAndBeforeAllOthers() {
        List<RawRecord> records = List.of(record(1, 1), record(1, 2));
        Map<RecordId, RawRecord> byId = Map.of(records.get(1).id(), records.get(1));
        CollectionState state = new CollectionState(THINGS);
        assertThatThrownBy(() -> state.restore(records, byId)).isInstanceOf(IllegalStateException.class);
        state.restore(records);
        List<RawRecord> others = List.of(record(2, 2));
        assertThatThrownBy(() -> state.restore(others, Map.of(others.get(0).id(), others.get(0))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(state.inOrder()).containsExactly(records.get(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatWasThereBeforeStays(long seed) {
        CollectionState state = new CollectionState(THINGS);
        state.restore(List.of(record(100_000, 5)));
        state.restore(shuffled(seed));
        assertThat(state.size()).isEqualTo(6_001);
        assertThat(state.issued().get()).isEqualTo(100_000);
    }
}
