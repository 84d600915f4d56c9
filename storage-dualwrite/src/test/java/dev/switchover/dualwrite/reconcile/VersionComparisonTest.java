package dev.switchover.dualwrite.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingSummary;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionComparisonTest {

    private final CollectionSchema<?, ?> schema = new MemoryPair(Store.JSON).expenses();

    @ParameterizedTest
    @EnumSource(Store.class)
    void whateverTheRowsOrderIsEachDifferenceIsFoundOnce(Store left) {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Map<Long, RawRecord> ofLeft = records(random);
            Map<Long, RawRecord> ofRight = records(random);
            List<String> found = all(view(left, ofLeft, random), view(left.other(), ofRight, random));
            assertThat(found).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(expected(ofLeft, ofRight));
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aRowThatCannotBeReadIsNamedAndSoIsTheRecordOfItsId(Store left) {
        List<RawRecord> json = List.of(record(1, 1, 1), record(2, 2, 2));
        View rows = new View(Store.POSTGRESQL, List.of(record(1, 1, 1)), "2");
        View held = new View(Store.JSON, json, null);
        List<String> found = left == Store.JSON ? all(held, rows) : all(rows, held);
        assertThat(found)
                .containsExactlyInAnyOrder("= ", "UNREADABLE 2", (left == Store.JSON ? "MISSING" : "EXTRA") + " 2");
    }

    @Test
    void anIdThatComesTwiceEndsIt() {
        View rows = new View(Store.POSTGRESQL, List.of(record(1, 1, 1), record(2, 2, 2), record(1, 1, 1)), null);
        View held = new View(Store.JSON, List.of(record(1, 1, 1), record(2, 2, 2)), null);
        assertThatThrownBy(() -> all(held, rows))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("gave id 1 twice");
    }

    private List<String> all(View left, View right) {
        List<String> found = new ArrayList<>();
        try (Comparison comparison = new VersionComparison(left, right, schema)) {
            while (comparison.hasNext()) {
                Difference difference = comparison.next();
                found.add(difference == null ? "= " : difference.kind() + " " + difference.id());
            }
        }
        assertThat(left.open + right.open).isZero();
        return found;
    }

    private static List<String> expected(Map<Long, RawRecord> left, Map<Long, RawRecord> right) {
        TreeSet<Long> ids = new TreeSet<>(left.keySet());
        ids.addAll(right.keySet());
        List<String> expected = new ArrayList<>();
        for (long id : ids) {
            RawRecord one = left.get(id);
            RawRecord other = right.get(id);
            if (one == null || other == null) {
                expected.add((one == null ? "EXTRA " : "MISSING ") + id);
            } else if (one.version() != other.version()) {
                expected.add("CONTENT " + id);
            } else {
                expected.add(one.order() == other.order() ? "= " : "ORDER " + id);
            }
        }
        return expected;
    }

    private static Map<Long, RawRecord> records(Random random) {
        Map<Long, RawRecord> records = new TreeMap<>();
        int size = random.nextInt(30);
        for (int i = 0; i < size; i++) {
            long id = random.nextInt(40) - 12;
            records.put(id, record(id, 1 + random.nextInt(20) / 19, 1 + random.nextInt(20) / 19));
        }
        return records;
    }

    private static RawRecord record(long id, long version, long order) {
        return new RawRecord(new RecordId(Long.toString(id)), version, order, new byte[0]);
    }

    /** JSON in id order, as it has to be; PostgreSQL mostly so, with some rows elsewhere, or in no order at all. */
    private static View view(Store store, Map<Long, RawRecord> records, Random random) {
        List<RawRecord> listed = new ArrayList<>(records.values());
        if (store == Store.POSTGRESQL) {
            if (random.nextBoolean()) {
                Collections.shuffle(listed, random);
            } else if (!listed.isEmpty()) {
                Collections.rotate(listed.subList(random.nextInt(listed.size()), listed.size()), 1);
            }
        }
        return new View(store, listed, null);
    }

    /** Holds what it is given, and one more that cannot be read. */
    private static final class View implements StoreView {
        private final Store store;
        private final List<RawRecord> records;
        private final String unreadable;
        private int open;

        View(Store store, List<RawRecord> records, String unreadable) {
            this.store = store;
            this.records = records;
            this.unreadable = unreadable;
        }

        @Override
        public Store store() {
            return store;
        }

        @Override
        public RecordCursor scan(CollectionSchema<?, ?> schema) {
            open++;
            Iterator<RawRecord> all = records.iterator();
            return new RecordCursor() {
                private boolean broken = unreadable != null;

                @Override
                public boolean hasNext() {
                    return broken || all.hasNext();
                }

                @Override
                public RawRecord next() {
                    if (broken) {
                        broken = false;
                        throw new InvalidRecordException(schema.name(), unreadable, "", "cannot be read");
                    }
                    return all.next();
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }

        @Override
        public void refresh() {}

        @Override
        public void requireCurrent() {}

        @Override
        public Optional<LedgerEntry> entry(CollectionSchema<?, ?> schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remembers(CollectionSchema<?, ?> schema, String token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasRecords(CollectionSchema<?, ?> schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long count(CollectionSchema<?, ?> schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PendingSummary pending(CollectionSchema<?, ?> schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<PendingMark> marks(CollectionSchema<?, ?> schema, int atMost) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ParkedRecord> parked(CollectionSchema<?, ?> schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<RecordId> among(CollectionSchema<?, ?> schema, Collection<RecordId> ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<RawRecord> find(CollectionSchema<?, ?> schema, RecordId id) {
            throw new UnsupportedOperationException();
        }
    }
}
