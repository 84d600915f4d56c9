package dev.switchover.examples.expenses;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields with values that have been checked; null where a field is to be empty. Not thread-safe. */
final class EntryValues {

    private final Map<EntryField, @Nullable Object> values = new EnumMap<>(EntryField.class);

    EntryValues with(EntryField field, @Nullable Object value) {
        values.put(field, value);
        return this;
    }

    /** These values, and where {@code changes} has one, that one. */
    EntryValues changedBy(EntryValues changes) {
        EntryValues changed = new EntryValues();
        changed.values.putAll(values);
        changed.values.putAll(changes.values);
        return changed;
    }

    boolean has(EntryField field) {
        return values.containsKey(field);
    }

    @Nullable
    LocalDate date() {
        return (LocalDate) values.get(EntryField.DATE);
    }

    @Nullable
    BigDecimal amount() {
        return (BigDecimal) values.get(EntryField.AMOUNT);
    }

    @Nullable
    Boolean business() {
        return (Boolean) values.get(EntryField.BUSINESS);
    }

    @Nullable
    String text(EntryField field) {
        return (String) values.get(field);
    }

    /** As it goes out: a date as text, everything else as it is. */
    @Nullable
    Object json(EntryField field) {
        Object value = values.get(field);
        return value instanceof LocalDate date ? date.toString() : value;
    }
}
