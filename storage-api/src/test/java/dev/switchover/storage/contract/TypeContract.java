package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Storage;
import dev.switchover.storage.contract.ContractRecords.Colour;
import dev.switchover.storage.contract.ContractRecords.Typed;
import dev.switchover.storage.repository.RawAccess;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each type of a property to its edges: kept, or refused with its path in every phase where a column could not hold it. */
interface TypeContract extends ContractFixture {

    private CollectionDefinition<Typed, Long> typed() {
        return define("typed", Typed.class, Long.class).build();
    }

    @Test
    default void everyTypeIsKeptToItsEdges() {
        CollectionDefinition<Typed, Long> definition = typed();
        Storage storage = storage(definition);
        List<Typed> all = List.of(
                Typed.empty(1),
                Typed.empty(2).withIntegers(Integer.MAX_VALUE, Short.MAX_VALUE, Byte.MAX_VALUE, Long.MAX_VALUE),
                Typed.empty(3).withIntegers(Integer.MIN_VALUE, Short.MIN_VALUE, Byte.MIN_VALUE, Long.MIN_VALUE),
                Typed.empty(4).withIntegers(0, (short) 0, (byte) 0, 0L),
                Typed.empty(5).withBig(BigInteger.TEN.pow(900).negate()),
                Typed.empty(6).withRatio(Float.MAX_VALUE),
                Typed.empty(7).withRatio(Float.MIN_VALUE),
                Typed.empty(8).withRatio(-0.0f),
                Typed.empty(9).withRatio(0.1f),
                Typed.empty(10).withDay(LocalDate.of(1, 1, 1)),
                Typed.empty(11).withDay(LocalDate.of(9999, 12, 31)),
                Typed.empty(12).withDay(LocalDate.of(1582, 10, 10)),
                Typed.empty(13).withDay(LocalDate.of(1900, 2, 28)),
                Typed.empty(14).withAt(Instant.parse("0001-01-01T00:00:00.000001Z")),
                Typed.empty(15).withAt(Instant.parse("9999-12-31T23:59:59.999999Z")),
                Typed.empty(16).withAt(Instant.parse("1969-12-31T23:59:59.999999Z")),
                Typed.empty(17).withAt(Instant.parse("2016-12-31T23:59:59.100Z")),
                Typed.empty(18).withSentAt(OffsetDateTime.parse("0001-01-01T00:00Z")),
                Typed.empty(19).withSentAt(OffsetDateTime.parse("9999-12-31T23:59:59.999999Z")),
                Typed.empty(20)
                        .withTexts(
                                LocalDateTime.parse("2026-03-29T02:30:00.123456789"),
                                LocalTime.parse("23:59:59.999999999"),
                                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                                Colour.GREEN),
                Typed.empty(23).withZoned(ZonedDateTime.parse("2026-10-25T02:30:00+01:00[Europe/Berlin]")),
                Typed.empty(24).withZoned(ZonedDateTime.parse("2026-10-25T02:30:00.000000001-09:00")),
                Typed.empty(21).withFlag(false),
                Typed.empty(22).withFlag(true));
        storage.repository(definition).saveAll(all);
        assertThat(again(storage).repository(definition).findAll()).isEqualTo(all);
    }

    @Test
    default void whatAColumnCannotHoldIsRefusedInEveryPhaseAndKeptByDocuments() {
        CollectionDefinition<Typed, Long> definition = typed();
        Repository<Typed, Long> typed = storage(definition).repository(definition);
        Map<Typed, String> edges = new LinkedHashMap<>();
        edges.put(Typed.empty(1).withDay(LocalDate.of(0, 12, 31)), "/day");
        edges.put(Typed.empty(2).withDay(LocalDate.of(-43, 3, 15)), "/day");
        edges.put(Typed.empty(3).withDay(LocalDate.of(10_000, 1, 1)), "/day");
        edges.put(Typed.empty(4).withAt(Instant.parse("0000-12-31T23:59:59.999999Z")), "/at");
        edges.put(Typed.empty(5).withAt(Instant.parse("+10000-01-01T00:00:00Z")), "/at");
        edges.put(Typed.empty(6).withAt(Instant.parse("2026-01-31T10:00:00.0000001Z")), "/at");
        edges.put(Typed.empty(7).withAt(Instant.parse("9999-12-31T23:59:59.999999999Z")), "/at");
        edges.put(Typed.empty(8).withSentAt(OffsetDateTime.parse("2026-01-31T10:00+05:30")), "/sentAt");
        edges.put(Typed.empty(9).withSentAt(OffsetDateTime.parse("2026-01-31T10:00-00:01")), "/sentAt");
        edges.put(Typed.empty(10).withSentAt(OffsetDateTime.parse("2026-01-31T10:00:00.0000001Z")), "/sentAt");
        edges.put(Typed.empty(11).withRatio(Float.NaN), "/ratio");
        edges.put(Typed.empty(12).withRatio(Float.POSITIVE_INFINITY), "/ratio");
        edges.forEach((record, path) -> {
            if (columns()) {
                InvalidRecordException refused =
                        catchThrowableOfType(InvalidRecordException.class, () -> typed.save(record));
                assertThat(refused).as("%s", record).isNotNull();
                assertThat(refused.path()).isEqualTo(path);
                assertThat(refused.id()).isEqualTo(String.valueOf(record.id()));
            } else {
                assertThat(typed.save(record)).isEqualTo(record);
                assertThat(typed.findById(record.id())).contains(record);
            }
        });
        assertThat(typed.count()).isEqualTo(columns() ? 0 : edges.size());
    }

    @Test
    default void textFromOutsideThatDoesNotFitItsColumnIsRefusedWithItsPath() {
        CollectionDefinition<Typed, Long> definition = typed();
        Storage storage = storage(definition);
        Map<String, List<String>> unfit = new LinkedHashMap<>();
        unfit.put("count", List.of("2147483648", "-2147483649", "1.0", "1e2", "\"1\"", "true"));
        unfit.put("whole", List.of("9223372036854775808", "-9223372036854775809", "0.5", "{}"));
        unfit.put("big", List.of("1e2", "\"1\"", "[]"));
        unfit.put("ratio", List.of("1e309", "0.1234567890123456789", "\"0.1\""));
        unfit.put("flag", List.of("0", "\"true\""));
        unfit.put("day", List.of("\"2023-02-29\"", "\"2024-1-1\"", "\"infinity\"", "20240101", "\"\""));
        unfit.put("at", List.of("\"2024-01-01T24:00:00Z\"", "\"2024-01-01\"", "1704067200", "\"now\""));
        unfit.put("sentAt", List.of("\"2024-01-01T00:00:00\"", "\"2024-01-01T00:00:00+01:00\""));
        unfit.put("colour", List.of("1", "{}"));
        List<String> kept = new ArrayList<>();
        unfit.forEach((property, values) -> values.forEach(value -> {
            String text = "{\"id\":" + (kept.size() + 1) + ",\"" + property + "\":" + value + "}";
            kept.add(text);
            if (columns()) {
                InvalidRecordException refused = catchThrowableOfType(
                        InvalidRecordException.class,
                        () -> RawAccess.of(storage).put(definition, text));
                assertThat(refused).as(text).isNotNull();
                assertThat(refused.path()).as(text).isEqualTo("/" + property);
            } else {
                RawAccess.of(storage).put(definition, text);
                assertThat(RawAccess.of(storage).text(definition, String.valueOf(kept.size())))
                        .isEqualTo(text);
            }
        }));
        assertThat(storage.repository(definition).count()).isEqualTo(columns() ? 0 : kept.size());
    }

    @Test
    default void nullAndAbsentStayApartInDocumentsAndAreNullInColumns() {
        CollectionDefinition<Typed, Long> definition = typed();
        Storage storage = storage(definition);
        RawAccess raw = RawAccess.of(storage);
        raw.put(definition, "{\"id\":1}");
        raw.put(definition, "{\"id\":2,\"day\":null,\"other\":null}");
        RawAccess reopened = RawAccess.of(again(storage));
        String absent = reopened.text(definition, "1").replaceAll("\\s", "");
        String present = reopened.text(definition, "2").replaceAll("\\s", "");
        if (columns() && absent.contains("\"day\"")) {
            assertThat(absent).contains("\"day\":null").doesNotContain("other");
        } else {
            assertThat(absent).isEqualTo("{\"id\":1}");
        }
        assertThat(present).contains("\"day\":null").contains("\"other\":null");
    }
}
