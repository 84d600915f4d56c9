package dev.switchover.json.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class CheckedRecordsTest {

    private static final int LARGE = 10_001;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** Sound but for those. */
    private IntFunction<CheckedRecord> unsound(Set<Integer> wrong) {
        return index -> {
            threads.add(Thread.currentThread());
            if (wrong.contains(index)) {
                throw new IllegalArgumentException("record " + index);
            }
            return new CheckedRecord(new RecordId(Integer.toString(index)), new byte[0]);
        };
    }

    @Test
    void aLargeFileIsCheckedOnTwoThreadsAndASmallOneOnThis() {
        for (int size : new int[] {0, 1, 4_999, 5_000, LARGE}) {
            threads.clear();
            CheckedRecords records = new CheckedRecords(size, unsound(Set.of()));
            for (int i = 0; i < size; i++) {
                assertThat(records.get(i).id()).isEqualTo(new RecordId(Integer.toString(i)));
            }
            assertThat(threads).hasSize(size == 0 ? 0 : size < 5_000 ? 1 : 2);
        }
    }

    @Test
    void whoAsksInOrderMeetsTheFirstThatIsNotSound() {
        for (Set<Integer> wrong : Set.of(Set.of(0), Set.of(17, 9_000), Set.of(9_000, 10_000), Set.of(5_000))) {
            CheckedRecords records = new CheckedRecords(LARGE, unsound(wrong));
            int first = wrong.stream().min(Integer::compare).orElseThrow();
            for (int i = 0; i < first; i++) {
                records.get(i);
            }
            assertThatThrownBy(() -> records.get(first)).hasMessage("record " + first);
        }
    }

    @Test
    void anErrorOnTheOtherThreadIsNotTakenForSound() {
        assertThatThrownBy(() -> new CheckedRecords(LARGE, index -> {
                    if (index == 9_000) {
                        throw new OutOfMemoryError("planted");
                    }
                    return new CheckedRecord(null, new byte[0]);
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }
}
