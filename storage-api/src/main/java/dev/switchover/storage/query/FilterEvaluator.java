package dev.switchover.storage.query;

import dev.switchover.storage.Filter;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.PropertyKind;
import dev.switchover.storage.schema.RawRecord;
import java.util.List;
import java.util.function.Predicate;

/** What one filter means. */
final class FilterEvaluator {

    private FilterEvaluator() {}

    static Predicate<RawRecord> of(CollectionSchema<?, ?> schema, Filter filter) {
        PropertyReader reader = new PropertyReader(schema, filter.property());
        if (filter instanceof Filter.Comparison comparison) {
            OrderedValue operand = OrderedValue.ofOperand(comparison.value(), reader.kind());
            return record -> holds(reader.of(record), comparison.comparator(), operand);
        }
        if (filter instanceof Filter.In in) {
            List<OrderedValue> operands = in.values().stream()
                    .map(value -> OrderedValue.ofOperand(value, reader.kind()))
                    .toList();
            return record -> {
                OrderedValue value = reader.of(record);
                return operands.stream().anyMatch(operand -> holds(value, Filter.Comparator.EQUAL, operand));
            };
        }
        if (filter instanceof Filter.Prefix prefix) {
            String text = OrderedValue.storable(prefix.prefix());
            // A moment begins with what is written, not with what it means.
            PropertyReader written = reader.kind() == PropertyKind.TIMESTAMP ? reader.asWritten() : reader;
            return record -> written.of(record).value() instanceof String value && value.startsWith(text);
        }
        boolean expected = ((Filter.Null) filter).expected();
        return record -> reader.of(record).isNull() == expected;
    }

    private static boolean holds(OrderedValue value, Filter.Comparator comparator, OrderedValue operand) {
        if (!value.comparable(operand)) {
            return false;
        }
        int order = value.compareTo(operand);
        return switch (comparator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }
}
