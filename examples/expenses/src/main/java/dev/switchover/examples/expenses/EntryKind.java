package dev.switchover.examples.expenses;

import dev.switchover.storage.CollectionDefinition;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What sets expenses and incomes apart; the rest of the service treats them alike.
 *
 * @param name in paths and answers: {@code expense}
 */
record EntryKind<T>(
        String name,
        CollectionDefinition<T, Long> collection,
        List<EntryField> fields,
        Function<T, @Nullable Long> id,
        Function<T, EntryValues> values,
        BiFunction<@Nullable Long, EntryValues, T> build) {

    static final EntryKind<Expense> EXPENSE = new EntryKind<>(
            "expense", Budget.EXPENSES, List.of(EntryField.values()), Expense::id, Expense::values, Expense::of);

    static final EntryKind<Income> INCOME = new EntryKind<>(
            "income",
            Budget.INCOMES,
            Arrays.stream(EntryField.values())
                    .filter(field -> field != EntryField.BUSINESS)
                    .toList(),
            Income::id,
            Income::values,
            Income::of);

    Optional<EntryField> field(String json) {
        return fields.stream().filter(field -> field.json().equals(json)).findFirst();
    }

    T create(EntryValues given) {
        return build.apply(null, given);
    }

    T change(T entry, EntryValues changes) {
        return build.apply(id.apply(entry), values.apply(entry).changedBy(changes));
    }

    /** Every field is written, also where it is empty. */
    Map<String, @Nullable Object> json(T entry) {
        EntryValues present = values.apply(entry);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", id.apply(entry));
        fields.forEach(field -> json.put(field.json(), present.json(field)));
        return json;
    }
}
