package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTypeTest {

    /** The ends of the range, the edges of each number of digits, both signs, and many others of every length. */
    private static List<Long> numbers() {
        List<Long> numbers =
                new ArrayList<>(List.of(0L, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, Long.MAX_VALUE - 1));
        for (long power = 1; power > 0 && power <= 1_000_000_000_000_000_000L; power *= 10) {
            numbers.addAll(List.of(power - 1, power, power + 1, -power + 1, -power, -power - 1));
        }
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            numbers.add(random.nextLong() >> random.nextInt(64));
        }
        return numbers;
    }

    @Test
    void numbersAreOrderedByValue() {
        Comparator<RecordId> order = IdType.LONG.order();
        for (long left : numbers()) {
            for (long right : numbers()) {
                RecordId one = new RecordId(Long.toString(left));
                RecordId other = new RecordId(Long.toString(right));
                assertThat(Integer.signum(order.compare(one, other)))
                        .as("%s and %s", left, right)
                        .isEqualTo(Long.compare(left, right));
            }
        }
    }

    @Test
    void theEnvelopeComesBeforeAllNumbers() {
        RecordId least = new RecordId(Long.toString(Long.MIN_VALUE));
        assertThat(IdType.LONG.order().compare(RecordId.ENVELOPE, least)).isNegative();
        assertThat(IdType.LONG.order().compare(least, RecordId.ENVELOPE)).isPositive();
        assertThat(IdType.LONG.order().compare(RecordId.ENVELOPE, RecordId.ENVELOPE))
                .isZero();
    }
}
