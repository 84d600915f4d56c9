package dev.switchover.storage.contract;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
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

    /** The types {@link Sample} has not, and those whose edges are looked at. */
    public record Typed(
            Long id,
            @Nullable Integer count,
            @Nullable Short small,
            @Nullable Byte tiny,
            @Nullable Long whole,
            @Nullable BigInteger big,
            @Nullable Float ratio,
            @Nullable Boolean flag,
            @Nullable LocalDate day,
            @Nullable Instant at,
            @Nullable OffsetDateTime sentAt,
            @Nullable LocalDateTime local,
            @Nullable LocalTime time,
            @Nullable Duration lasting,
            @Nullable Colour colour,
            @Nullable ZonedDateTime zoned) {

        public static Typed empty(long id) {
            return new Typed(
                    id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        }

        public Typed withIntegers(int newCount, short newSmall, byte newTiny, long newWhole) {
            return new Typed(
                    id, newCount, newSmall, newTiny, newWhole, big, ratio, flag, day, at, sentAt, local, time, lasting,
                    colour, zoned);
        }

        public Typed withBig(BigInteger value) {
            return new Typed(
                    id, count, small, tiny, whole, value, ratio, flag, day, at, sentAt, local, time, lasting, colour,
                    zoned);
        }

        public Typed withRatio(float value) {
            return new Typed(
                    id, count, small, tiny, whole, big, value, flag, day, at, sentAt, local, time, lasting, colour,
                    zoned);
        }

        public Typed withFlag(boolean value) {
            return new Typed(
                    id, count, small, tiny, whole, big, ratio, value, day, at, sentAt, local, time, lasting, colour,
                    zoned);
        }

        public Typed withDay(LocalDate value) {
            return new Typed(
                    id, count, small, tiny, whole, big, ratio, flag, value, at, sentAt, local, time, lasting, colour,
                    zoned);
        }

        public Typed withAt(Instant value) {
            return new Typed(
                    id, count, small, tiny, whole, big, ratio, flag, day, value, sentAt, local, time, lasting, colour,
                    zoned);
        }

        public Typed withSentAt(OffsetDateTime value) {
            return new Typed(
                    id, count, small, tiny, whole, big, ratio, flag, day, at, value, local, time, lasting, colour,
                    zoned);
        }

        public Typed withTexts(LocalDateTime newLocal, LocalTime newTime, Duration newLasting, Colour newColour) {
            return new Typed(
                    id,
                    count,
                    small,
                    tiny,
                    whole,
                    big,
                    ratio,
                    flag,
                    day,
                    at,
                    sentAt,
                    newLocal,
                    newTime,
                    newLasting,
                    newColour,
                    zoned);
        }

        public Typed withZoned(ZonedDateTime value) {
            return new Typed(
                    id, count, small, tiny, whole, big, ratio, flag, day, at, sentAt, local, time, lasting, colour,
                    value);
        }
    }
}
