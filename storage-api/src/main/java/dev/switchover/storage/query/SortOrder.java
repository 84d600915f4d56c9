package dev.switchover.storage.query;

import dev.switchover.storage.Sort;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.util.ArrayList;
import java.util.List;

/** What the sorts of one query mean, ending in the collection's order. Immutable. */
final class SortOrder {

    /** A record with the values it is sorted by, read once. */
    record Place(List<OrderedValue> values, long order) {}

    private final List<Sort> sorts;
    private final List<PropertyReader> readers = new ArrayList<>();

    SortOrder(CollectionSchema<?, ?> schema, List<Sort> sorts) {
        this.sorts = sorts;
        for (Sort sort : sorts) {
            readers.add(new PropertyReader(schema, sort.property()));
        }
    }

    PropertyReader reader(int sort) {
        return readers.get(sort);
    }

    Place place(RawRecord record) {
        List<OrderedValue> values = new ArrayList<>(readers.size());
        for (PropertyReader reader : readers) {
            values.add(reader.of(record));
        }
        return new Place(values, record.order());
    }

    int compare(Place left, Place right) {
        for (int i = 0; i < sorts.size(); i++) {
            int order = compare(sorts.get(i), left.values.get(i), right.values.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Long.compare(left.order, right.order);
    }

    private static int compare(Sort sort, OrderedValue left, OrderedValue right) {
        if (left.isNull() || right.isNull()) {
            int order = Boolean.compare(left.isNull(), right.isNull());
            return sort.nulls() == Sort.Nulls.LAST ? order : -order;
        }
        int order = left.compareTo(right);
        return sort.direction() == Sort.Direction.ASCENDING ? order : -order;
    }
}
