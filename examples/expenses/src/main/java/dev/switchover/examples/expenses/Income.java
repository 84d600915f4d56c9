package dev.switchover.examples.expenses;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Money that came in. Nullable like {@link Expense}.
 *
 * @param id made by the store; null before that
 */
public record Income(
        @Nullable Long id,
        @Nullable LocalDate date,
        @Nullable String category,
        @Nullable BigDecimal amount,
        @Nullable String account,
        @Nullable String currency,
        @Nullable String notes) {

    static Income of(@Nullable Long id, EntryValues values) {
        return new Income(
                id,
                values.date(),
                values.text(EntryField.CATEGORY),
                values.amount(),
                values.text(EntryField.ACCOUNT),
                values.text(EntryField.CURRENCY),
                values.text(EntryField.NOTES));
    }

    EntryValues values() {
        return new EntryValues()
                .with(EntryField.DATE, date)
                .with(EntryField.CATEGORY, category)
                .with(EntryField.AMOUNT, amount)
                .with(EntryField.ACCOUNT, account)
                .with(EntryField.CURRENCY, currency)
                .with(EntryField.NOTES, notes);
    }
}
