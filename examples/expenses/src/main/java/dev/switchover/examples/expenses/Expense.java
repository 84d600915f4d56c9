package dev.switchover.examples.expenses;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Money that was spent. Everything is nullable, for a file that people kept by hand may lack anything; the API asks for
 * what a new expense needs.
 *
 * @param id made by the store; null before that
 */
public record Expense(
        @Nullable Long id,
        @Nullable LocalDate date,
        @Nullable String category,
        @Nullable BigDecimal amount,
        @Nullable String account,
        @Nullable Boolean business,
        @Nullable String currency,
        @Nullable String notes) {

    static Expense of(@Nullable Long id, EntryValues values) {
        return new Expense(
                id,
                values.date(),
                values.text(EntryField.CATEGORY),
                values.amount(),
                values.text(EntryField.ACCOUNT),
                values.business(),
                values.text(EntryField.CURRENCY),
                values.text(EntryField.NOTES));
    }

    EntryValues values() {
        return new EntryValues()
                .with(EntryField.DATE, date)
                .with(EntryField.CATEGORY, category)
                .with(EntryField.AMOUNT, amount)
                .with(EntryField.ACCOUNT, account)
                .with(EntryField.BUSINESS, business)
                .with(EntryField.CURRENCY, currency)
                .with(EntryField.NOTES, notes);
    }
}
