package dev.switchover.storage.contract;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The record classes the contract speaks of. */
public final class ContractRecords {

    private ContractRecords() {}

    /** Ids from a sequence. */
    public record Expense(
            @Nullable Long id,
            LocalDate date,
            String category,
            BigDecimal amount,
            @Nullable String notes) {

        public static Expense of(String category, String amount) {
            return new Expense(null, LocalDate.of(2026, 1, 31), category, new BigDecimal(amount), null);
        }

        public Expense withId(long newId) {
            return new Expense(newId, date, category, amount, notes);
        }

        public Expense withCategory(String newCategory) {
            return new Expense(id, date, newCategory, amount, notes);
        }

        public Expense withAmount(BigDecimal newAmount) {
            return new Expense(id, date, category, newAmount, notes);
        }
    }

    /** An id of a primitive type: 0 stands for none. */
    public record Counter(long id, long hits) {

        public Counter increment() {
            return new Counter(id, hits + 1);
        }
    }

    /** Ids from the caller. */
    public record Account(String id, String owner, @Nullable BigDecimal balance) {}

    /** Random ids. */
    public record Tag(@Nullable UUID id, String text) {}

    /** An id composed of two properties. */
    public record Movie(String title, int year, @Nullable String genre) {}

    public record MovieId(String title, int year) {}

    public enum Colour {
        RED,
        GREEN
    }

    public record Stats(int total, @Nullable BigDecimal mean) {}

    /** One property of every kind. */
    public record Sample(
            Long id,
            @Nullable BigDecimal number,
            @Nullable Long whole,
            @Nullable Double approximate,
            @Nullable Boolean flag,
            @Nullable String text,
            @Nullable Colour colour,
            @Nullable UUID reference,
            @Nullable LocalDate day,
            @Nullable Instant moment,
            @Nullable Stats stats,
            @Nullable List<String> list) {

        public static Sample empty(long id) {
            return new Sample(id, null, null, null, null, null, null, null, null, null, null, null);
        }

        public static Sample ofNumber(long id, @Nullable String number) {
            BigDecimal decimal = number == null ? null : new BigDecimal(number);
            return new Sample(id, decimal, null, null, null, null, null, null, null, null, null, null);
        }

        public static Sample ofText(long id, @Nullable String text) {
            return new Sample(id, null, null, null, null, text, null, null, null, null, null, null);
        }

        public static Sample ofMoment(long id, @Nullable Instant moment) {
            return new Sample(id, null, null, null, null, null, null, null, null, moment, null, null);
        }
    }
}
