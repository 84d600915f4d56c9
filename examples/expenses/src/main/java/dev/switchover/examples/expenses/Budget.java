package dev.switchover.examples.expenses;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.TableLayout;

/** What the service keeps: two files that are arrays of records, or two tables with a column for each property. */
public final class Budget {

    public static final CollectionDefinition<Expense, Long> EXPENSES = CollectionDefinition.of(
                    "expenses", Expense.class, Long.class)
            .idGeneration(IdGeneration.SEQUENCE)
            .table(TableLayout.columns().index("date"))
            .build();

    public static final CollectionDefinition<Income, Long> INCOMES = CollectionDefinition.of(
                    "incomes", Income.class, Long.class)
            .idGeneration(IdGeneration.SEQUENCE)
            .table(TableLayout.columns().index("date"))
            .build();

    private Budget() {}
}
