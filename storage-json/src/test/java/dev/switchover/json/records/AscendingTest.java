package dev.switchover.json.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AscendingTest {

    private final AtomicInteger comparisons = new AtomicInteger();
    private final TreeSet<Integer> set = new TreeSet<>((left, right) -> {
        comparisons.incrementAndGet();
        return Integer.compare(left, right);
    });

    @Test
    void whatIsInOrderIsComparedOnceEach() {
        Ascending.addAll(IntStream.rangeClosed(1, 10_000).boxed(), set);
        assertThat(comparisons).hasValueLessThan(10_000);
        assertThat(set).hasSize(10_000).contains(1, 5_000, 10_000);
        set.add(0);
        set.remove(7_000);
        assertThat(set.headSet(3)).containsExactly(0, 1, 2);
        assertThat(set).hasSize(10_000).doesNotContain(7_000);
    }

    @Test
    void whatIsNotInOrderIsPutInOrder() {
        Ascending.addAll(Stream.of(3, 1, 2), set);
        assertThat(set).containsExactly(1, 2, 3);
    }

    @Test
    void whatIsThereTwiceIsTakenOnce() {
        Ascending.addAll(Stream.of(1, 2, 2, 3), set);
        assertThat(set).containsExactly(1, 2, 3);
    }

    @Test
    void oneOrNoneIsInOrder() {
        Ascending.addAll(Stream.<Integer>empty(), set);
        assertThat(set).isEmpty();
        Ascending.addAll(Stream.of(1), set);
        assertThat(List.copyOf(set)).containsExactly(1);
    }
}
