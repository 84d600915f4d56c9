package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.ModelRecords.Kept;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query means, said again in the plainest way. */
final class ModelQuery {

    /** Stands for arrays and objects, which are all alike. */
    private static final Object OTHER = new Object();

    /** Where a page ended. */
    record Place(List<@Nullable Object> values, long order) {}

    private final Shape<?, ?> shape;
    private final Query query;

    ModelQuery(Shape<?, ?> shape, Query query) {
        this.shape = shape;
        this.query = query;
    }

    /** Whether a store may refuse to be asked, because of text that cannot be in any record. */
    boolean refused() {
        for (Filter filter : query.filters()) {
            boolean sound = Refusals.storable(filter.property());
            if (filter instanceof Filter.Prefix prefix) {
                sound &= Refusals.storable(prefix.prefix());
            } else if (filter instanceof Filter.Comparison comparison) {
                sound &= Refusals.storable(comparison.value().toString());
            } else if (filter instanceof Filter.In in) {
                sound &= in.values().stream().allMatch(value -> Refusals.storable(value.toString()));
            }
            if (!sound) {
                return true;
            }
        }
        return !query.sorts().stream().allMatch(sort -> Refusals.storable(sort.property()));
    }

    List<Kept> of(ModelRecords records, @Nullable Place after) {
        List<Kept> found = new ArrayList<>();
        for (Kept record : records.inOrder()) {
            boolean behind = after == null || compare(place(record), after) > 0;
            if (behind && query.filters().stream().allMatch(filter -> holds(filter, record))) {
                found.add(record);
            }
        }
        found.sort((left, right) -> compare(place(left), place(right)));
        long limit = query.limit() < 0 ? Long.MAX_VALUE : query.limit();
        return found.stream().skip(query.offset()).limit(limit).toList();
    }

    long count(ModelRecords records) {
        return new ModelQuery(shape, new Query(query.filters(), List.of(), -1, 0, null))
                .of(records, null)
                .size();
    }

    Place place(Kept record) {
        List<@Nullable Object> values = new ArrayList<>();
        query.sorts().forEach(sort -> values.add(value(record, sort.property())));
        return new Place(values, record.order());
    }

    private int compare(Place left, Place right) {
        for (int i = 0; i < query.sorts().size(); i++) {
            Sort sort = query.sorts().get(i);
            Object one = left.values().get(i);
            Object other = right.values().get(i);
            int order;
            if (one == null || other == null) {
                order = Boolean.compare(one == null, other == null) * (sort.nulls() == Sort.Nulls.LAST ? 1 : -1);
            } else {
                order = compareValues(one, other) * (sort.direction() == Sort.Direction.ASCENDING ? 1 : -1);
            }
            if (order != 0) {
                return order;
            }
        }
        return Long.compare(left.order(), right.order());
    }

    private boolean holds(Filter filter, Kept record) {
        Object value = value(record, filter.property());
        if (filter instanceof Filter.Null nothing) {
            return (value == null) == nothing.expected();
        }
        if (filter instanceof Filter.Prefix prefix) {
            Object written = written(record, filter.property());
            return written instanceof Json.Text text && text.value().startsWith(prefix.prefix());
        }
        if (filter instanceof Filter.In in) {
            return in.values().stream().anyMatch(one -> holds(value, Filter.Comparator.EQUAL, operand(filter, one)));
        }
        Filter.Comparison comparison = (Filter.Comparison) filter;
        return holds(value, comparison.comparator(), operand(filter, comparison.value()));
    }

    private static boolean holds(@Nullable Object value, Filter.Comparator comparator, Object operand) {
        if (value == null || value.getClass() != operand.getClass()) {
            return false;
        }
        int order = compareValues(value, operand);
        return switch (comparator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private Object operand(Filter filter, Object operand) {
        if (operand instanceof Boolean) {
            return operand;
        }
        if (operand instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        if (operand instanceof Enum<?> constant) {
            return constant.name();
        }
        return text(filter.property(), operand.toString());
    }

    private @Nullable Json written(Kept record, String property) {
        Json value = record.json();
        for (String name : property.split("\\.", -1)) {
            value = value instanceof Json.Obj object ? object.get(name) : null;
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    private @Nullable Object value(Kept record, String property) {
        Json value = written(record, property);
        if (value == null) {
            return null;
        }
        if (value instanceof Json.Number number) {
            return new BigDecimal(number.raw());
        }
        if (value instanceof Json.Text text) {
            return text(property, text.value());
        }
        return value instanceof Json.Word word ? (Object) Boolean.valueOf(word.raw()) : OTHER;
    }

    private Object text(String property, String text) {
        if (shape.type(property) != Instant.class) {
            return text;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return text;
        }
    }

    private static int compareValues(Object left, Object right) {
        if (kind(left) != kind(right)) {
            return Integer.compare(kind(left), kind(right));
        }
        if (left instanceof String one && right instanceof String other) {
            return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
        }
        if (left instanceof BigDecimal one) {
            return one.compareTo((BigDecimal) right);
        }
        if (left instanceof Instant one) {
            return one.compareTo((Instant) right);
        }
        return left instanceof Boolean one ? one.compareTo((Boolean) right) : 0;
    }

    /** Numbers, moments, strings, booleans, everything else. */
    private static int kind(Object value) {
        return value instanceof BigDecimal
                ? 0
                : value instanceof Instant ? 1 : value instanceof String ? 2 : value instanceof Boolean ? 3 : 4;
    }
}
