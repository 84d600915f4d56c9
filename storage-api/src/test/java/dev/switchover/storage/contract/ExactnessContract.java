package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.ContractRecords.Colour;
import dev.switchover.storage.contract.ContractRecords.Expense;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.contract.ContractRecords.Stats;
import dev.switchover.storage.repository.RawAccess;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What went in comes out. */
interface ExactnessContract extends ContractFixture {

    @Test
    default void decimalNumbersKeepEveryDigit() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        List<String> numbers = List.of(
                "0",
                "0.0",
                "0.00",
                "1.10",
                "-1.10",
                "100",
                "100.0",
                "9007199254740993",
                "-9007199254740993",
                "123456789012345678901234567890",
                "0.000000000000000000000000000001",
                "79228162514264337593543950336.5",
                "9".repeat(400) + "." + "9".repeat(400),
                "0." + "0".repeat(900) + "1");
        for (int i = 0; i < numbers.size(); i++) {
            samples.create(Sample.ofNumber(i, numbers.get(i)));
        }
        Repository<Sample, Long> reopened = again(storage).repository(definition);
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(reopened.findById((long) i).orElseThrow().number()).isEqualTo(new BigDecimal(numbers.get(i)));
        }
    }

    @Test
    default void anExponentIsKeptInDocumentsAndWrittenOutInColumns() {
        Repository<Sample, Long> samples = openSamples();
        BigDecimal hundred = new BigDecimal("1E+2");
        Sample saved =
                samples.save(new Sample(1L, hundred, null, null, null, null, null, null, null, null, null, null));
        assertThat(saved.number()).isEqualTo(columns() ? new BigDecimal("100") : hundred);
        assertThat(samples.findById(1L)).contains(saved);
    }

    @Test
    default void doublesKeepEveryBit() {
        Repository<Sample, Long> samples = openSamples();
        List<Double> doubles = List.of(
                0.0,
                -0.0,
                0.1,
                0.1 + 0.2,
                1e22,
                1e-7,
                123456789.123456789,
                Double.MAX_VALUE,
                Double.MIN_VALUE,
                Double.MIN_NORMAL,
                -1.5);
        for (int i = 0; i < doubles.size(); i++) {
            samples.create(
                    new Sample((long) i, null, null, doubles.get(i), null, null, null, null, null, null, null, null));
            assertThat(samples.findById((long) i).orElseThrow().approximate()).isEqualTo(doubles.get(i));
        }
    }

    @Test
    default void textsKeepEveryCharacter() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        Repository<Sample, Long> samples = storage.repository(definition);
        List<String> texts = List.of(
                "",
                " ",
                "null",
                "\u0001\u001f\u007f\u0080",
                "\"\\/\b\f\n\r\t",
                "é",
                "e\u0301",
                "😀👩‍👩‍👧",
                "\uffff\ufffe\ufeff",
                "\u2028\u2029",
                "\\u0041",
                "\\x41",
                "{}",
                "\\N",
                "\r\n",
                "a".repeat(100_000));
        for (int i = 0; i < texts.size(); i++) {
            samples.create(Sample.ofText(i, texts.get(i)));
        }
        Repository<Sample, Long> reopened = again(storage).repository(definition);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(reopened.findById((long) i).orElseThrow().text()).isEqualTo(texts.get(i));
        }
    }

    @Test
    default void anIntegerHasNoNegativeZeroInAnyStore() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        RawAccess.of(storage).put(definition, "{\"id\":7,\"approximate\":-0}");
        RawAccess.of(storage).put(definition, "{\"id\":8,\"approximate\":-0.0}");
        assertThat(storage.repository(definition).findAll())
                .extracting(Sample::approximate)
                .containsExactly(0.0, -0.0);
    }

    @Test
    default void whatPeopleCanReadIsNotEscaped() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        String text = "é ไทย 漢 😀 \ud801\udc00 \u2028";
        storage.repository(definition).create(Sample.ofText(7, text));
        assertThat(RawAccess.of(storage).text(definition, "7")).contains(text);
    }

    @Test
    default void everyKindOfValueComesBack() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        List<Sample> all = List.of(
                Sample.empty(1),
                new Sample(
                        2L,
                        new BigDecimal("1.10"),
                        Long.MAX_VALUE,
                        1.5,
                        true,
                        "text",
                        Colour.RED,
                        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
                        LocalDate.of(2024, 2, 29),
                        Instant.parse("2026-01-31T23:59:59.999999Z"),
                        new Stats(3, new BigDecimal("2.50")),
                        List.of("b", "", "a", "b")),
                new Sample(
                        3L,
                        null,
                        Long.MIN_VALUE,
                        null,
                        false,
                        null,
                        null,
                        null,
                        LocalDate.of(1, 1, 1),
                        Instant.EPOCH,
                        new Stats(0, null),
                        List.of()),
                new Sample(
                        4L,
                        null,
                        0L,
                        null,
                        null,
                        null,
                        null,
                        null,
                        LocalDate.of(9999, 12, 31),
                        Instant.parse("0001-01-01T00:00:00Z"),
                        null,
                        null));
        storage.repository(definition).saveAll(all);
        assertThat(again(storage).repository(definition).findAll()).isEqualTo(all);
    }

    @Test
    default void aTreeKeepsTheOrderOfItsPropertiesAndItsDigits() throws Exception {
        Assumptions.assumeFalse(
                columns(), "a table of columns needs a class with properties and keeps values, not text");
        CollectionDefinition<JsonNode, Long> definition = define("trees", JsonNode.class, Long.class)
                .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                .build();
        Storage storage = storage(definition);
        String exact = "{\"z\":1.10,\"id\":7,\"a\":{\"y\":[],\"x\":{},\"é\":123456789012345678901234567890}}";
        RawAccess.of(storage).put(definition, exact);
        Storage reopened = again(storage);
        JsonNode tree = reopened.repository(definition).findById(7L).orElseThrow();
        reopened.repository(definition).delete(7L);
        reopened.repository(definition).create(tree);
        assertThat(RawAccess.of(reopened).text(definition, "7")).isEqualTo(exact);
    }

    @Test
    default void aDocumentsTextStaysAsItIs() {
        Assumptions.assumeFalse(
                columns(), "a table of columns needs a class with properties and keeps values, not text");
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        String text = "{ \"zz\" : [ 1e2 , -0.0, 1.10E+1,\n\t{\"b\":1 ,\"a\":\"\\u00e9\\/\"}] ,\r\n"
                + "\"id\":7,\"date\":\"2026-01-31\",\"category\":\"\\u0061\",\"amount\":12.50 }";
        RawAccess.of(storage).put(definition, text);
        assertThat(RawAccess.of(storage).text(definition, "7")).isEqualTo(text);
        Storage reopened = again(storage);
        assertThat(RawAccess.of(reopened).text(definition, "7")).isEqualTo(text);
        assertThat(reopened.repository(definition).findById(7L)).isPresent();
        reopened.repository(definition).update(7L, expense -> expense.withCategory("b"));
        assertThat(RawAccess.of(reopened).text(definition, "7")).isEqualTo(text.replace("\"\\u0061\"", "\"b\""));
    }

    @Test
    default void anUpdateKeepsPropertiesTheClassDoesNotKnow() {
        CollectionDefinition<Expense, Long> definition = expenses();
        Storage storage = storage(definition);
        RawAccess.of(storage)
                .put(
                        definition,
                        "{\"extra\":{\"z\":1e2,\"a\":[null,{\"k\":\"v\"}]},\"id\":7,\"date\":\"2026-01-31\",\"category\":\"a\",\"amount\":1.10,"
                                + "\"more\":\"\\u00e9\"}");
        storage.repository(definition).update(7L, expense -> expense.withCategory("b"));
        Storage reopened = again(storage);
        String text = RawAccess.of(reopened).text(definition, "7").replaceAll("\\s", "");
        assertThat(text)
                .contains("\"extra\":{\"z\":1e2,\"a\":[null,{\"k\":\"v\"}]}")
                .contains("\"more\":\"\\u00e9\"")
                .contains("\"category\":\"b\"")
                .contains("\"amount\":1.10");
    }

    @Test
    default void flattenedPropertiesComeBackNested() {
        TableLayout layout = layout() instanceof TableLayout.Columns table ? table.flatten("stats") : layout();
        CollectionDefinition<Sample, Long> definition = CollectionDefinition.of("samples", Sample.class, Long.class)
                .table(layout)
                .build();
        Storage storage = storage(definition);
        List<Sample> all = List.of(
                Sample.empty(1),
                new Sample(2L, null, null, null, null, null, null, null, null, null, new Stats(3, null), null),
                new Sample(
                        3L,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new Stats(0, new BigDecimal("2.50")),
                        null));
        storage.repository(definition).saveAll(all);
        RawAccess.of(storage).put(definition, "{\"id\":4,\"stats\":{\"total\":9,\"unknown\":[1]}}");
        Repository<Sample, Long> reopened = again(storage).repository(definition);
        assertThat(reopened.findAll()).startsWith(all.toArray(Sample[]::new)).hasSize(4);
        assertThat(reopened.list(Query.all().orderBy(Sort.descending("stats.total"))))
                .extracting(Sample::id)
                .containsExactly(4L, 2L, 3L, 1L);
        reopened.update(
                4L,
                sample ->
                        new Sample(4L, null, null, null, null, "t", null, null, null, null, new Stats(8, null), null));
        assertThat(reopened.findById(4L).orElseThrow().stats()).isEqualTo(new Stats(8, null));
    }

    @Test
    default void mapsAreRecordsToo() {
        Assumptions.assumeFalse(
                columns(), "a table of columns needs a class with properties and keeps values, not text");
        @SuppressWarnings("rawtypes")
        CollectionDefinition<Map, Long> definition =
                define("maps", Map.class, Long.class).build();
        @SuppressWarnings("rawtypes")
        Repository<Map, Long> maps = storage(definition).repository(definition);
        Map<String, Object> map = new HashMap<>();
        map.put("id", 7);
        map.put("amount", new BigDecimal("1.10"));
        map.put("gone", true);
        map.put("nothing", null);
        maps.create(map);
        assertThat(maps.findById(7L)).contains(map);
        maps.update(7L, stored -> {
            stored.remove("gone");
            return stored;
        });
        map.remove("gone");
        assertThat(maps.findById(7L)).contains(map);
    }
}
