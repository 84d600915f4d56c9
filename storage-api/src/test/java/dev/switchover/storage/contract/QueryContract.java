package dev.switchover.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Repository;
import dev.switchover.storage.Sort;
import dev.switchover.storage.Storage;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.contract.ContractRecords.Colour;
import dev.switchover.storage.contract.ContractRecords.Sample;
import dev.switchover.storage.contract.ContractRecords.Stats;
import dev.switchover.storage.repository.RawAccess;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Filters, sorts, limits and streams. */
interface QueryContract extends ContractFixture {

    /** In code point order, which is neither the order of UTF-16 nor that of any language. */
    List<String> TEXTS_IN_ORDER = List.of(
            "", " ", "10", "9", "A", "B", "Z", "_", "a", "a b", "ab", "b", "e\u0301", "é", "ü", "א", "中", "\uffee",
            "😀");

    @Test
    default void textsAreSortedByCodePoint() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(backwards(TEXTS_IN_ORDER).stream()
                .map(text -> Sample.ofText(TEXTS_IN_ORDER.indexOf(text), text))
                .toList());
        assertThat(samples.list(Query.all().orderBy(Sort.ascending("text"))))
                .extracting(Sample::text)
                .isEqualTo(TEXTS_IN_ORDER);
        assertThat(samples.list(Query.all().orderBy(Sort.descending("text"))))
                .extracting(Sample::text)
                .isEqualTo(backwards(TEXTS_IN_ORDER));
        for (int i = 0; i < TEXTS_IN_ORDER.size(); i++) {
            String text = TEXTS_IN_ORDER.get(i);
            assertThat(samples.count(Query.all().where(Filter.less("text", text))))
                    .as(text)
                    .isEqualTo(i);
            assertThat(samples.list(Query.all().where(Filter.equal("text", text))))
                    .containsExactly(Sample.ofText(i, text));
        }
    }

    @Test
    default void numbersAreSortedByValueWhateverTheirSize() {
        Repository<Sample, Long> samples = openSamples();
        List<String> inOrder = List.of(
                "-123456789012345678901234567890.5",
                "-10",
                "-9.5",
                "-0.1",
                "0.00",
                "0.000000000000000000001",
                "1.1",
                "1.10000000000000000001",
                "9",
                "10",
                "9007199254740992",
                "9007199254740993",
                "9007199254740994",
                "123456789012345678901234567890");
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            samples.save(Sample.ofNumber(i, inOrder.get(i)));
        }
        assertThat(samples.list(Query.all().orderBy(Sort.ascending("number"))))
                .extracting(sample -> String.valueOf(sample.number()))
                .isEqualTo(inOrder.stream()
                        .map(number -> new BigDecimal(number).toString())
                        .toList());
        assertThat(samples.list(Query.all().where(Filter.equal("number", 9007199254740993L))))
                .extracting(Sample::id)
                .containsExactly(11L);
        assertThat(samples.count(Query.all().where(Filter.less("number", 0)))).isEqualTo(4);
        assertThat(samples.count(Query.all().where(Filter.equal("number", new BigDecimal("1.100")))))
                .isEqualTo(1);
        assertThat(samples.count(Query.all().where(Filter.greater("number", new BigDecimal("1E+25")))))
                .isEqualTo(1);
    }

    @Test
    default void everyKindCanBeFilteredAndSorted() {
        Repository<Sample, Long> samples = openSamples();
        UUID low = UUID.fromString("00000000-0000-0000-0000-000000000001");
        UUID high = UUID.fromString("ffffffff-0000-0000-0000-000000000001");
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        Sample one = new Sample(
                1L,
                BigDecimal.ONE,
                1L,
                1.5,
                true,
                "one",
                Colour.GREEN,
                high,
                LocalDate.of(2026, 2, 1),
                noon.plusNanos(1_000),
                new Stats(1, new BigDecimal("1.10")),
                List.of("x"));
        Sample two = new Sample(
                2L,
                BigDecimal.TEN,
                2L,
                -2.25,
                false,
                "two",
                Colour.RED,
                low,
                LocalDate.of(2026, 1, 31),
                noon,
                new Stats(2, null),
                List.of());
        samples.saveAll(List.of(one, two));
        assertThat(samples.findAll()).containsExactly(one, two);
        for (String property : List.of("number", "whole", "text")) {
            assertThat(samples.list(Query.all().orderBy(Sort.descending(property))))
                    .as(property)
                    .containsExactly(two, one);
        }
        for (String property : List.of("approximate", "flag", "day", "moment", "reference")) {
            assertThat(samples.list(Query.all().orderBy(Sort.ascending(property))))
                    .as(property)
                    .containsExactly(two, one);
        }
        assertThat(samples.list(Query.all().orderBy(Sort.descending("colour")))).containsExactly(two, one);
        assertThat(samples.list(Query.all().where(Filter.equal("flag", true)))).containsExactly(one);
        assertThat(samples.list(Query.all().where(Filter.equal("colour", Colour.RED))))
                .containsExactly(two);
        assertThat(samples.list(Query.all().where(Filter.equal("reference", low))))
                .containsExactly(two);
        assertThat(samples.list(Query.all().where(Filter.equal("approximate", 1.5))))
                .containsExactly(one);
        assertThat(samples.list(Query.all().where(Filter.greater("day", LocalDate.of(2026, 1, 31)))))
                .containsExactly(one);
        assertThat(samples.list(Query.all().where(Filter.lessOrEqual("moment", noon))))
                .containsExactly(two);
        assertThat(samples.list(Query.all().where(Filter.equal("moment", noon.atOffset(ZoneOffset.ofHours(2))))))
                .containsExactly(two);
        assertThat(samples.list(Query.all().where(Filter.equal("id", 2)))).containsExactly(two);
    }

    @Test
    default void aValueMatchesItsOwnKindOnly() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(
                List.of(Sample.ofText(1, "7"), Sample.ofNumber(2, "7"), Sample.ofText(3, "true"), Sample.empty(4)));
        assertThat(ids(samples, Query.all().where(Filter.equal("text", 7)))).isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.equal("text", true)))).isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.equal("number", "7")))).isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.equal("number", 7.0)))).containsExactly(2L);
        assertThat(ids(samples, Query.all().where(Filter.notEqual("text", "7"))))
                .containsExactly(3L);
        assertThat(ids(samples, Query.all().where(Filter.notEqual("number", "7"))))
                .isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.greater("text", 1)))).isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.in("text", List.of("7", 7, "8")))))
                .containsExactly(1L);
        assertThat(ids(samples, Query.all().where(Filter.in("text", List.of()))))
                .isEmpty();
    }

    @Test
    default void nullMatchesNothingButNull() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.ofText(1, "a"), Sample.empty(2), Sample.ofText(3, "")));
        assertThat(ids(samples, Query.all().where(Filter.isNull("text")))).containsExactly(2L);
        assertThat(ids(samples, Query.all().where(Filter.isNotNull("text")))).containsExactly(1L, 3L);
        assertThat(ids(samples, Query.all().where(Filter.notEqual("text", "x"))))
                .containsExactly(1L, 3L);
        assertThat(ids(samples, Query.all().where(Filter.greaterOrEqual("text", ""))))
                .containsExactly(1L, 3L);
        assertThat(ids(samples, Query.all().where(Filter.isNull("list")).where(Filter.isNotNull("text"))))
                .containsExactly(1L, 3L);
    }

    @Test
    default void nullsGoWhereTheyAreAsked() {
        Repository<Sample, Long> samples = openSamples();
        samples.saveAll(List.of(Sample.ofText(1, "b"), Sample.empty(2), Sample.ofText(3, "a"), Sample.empty(4)));
        assertThat(ids(samples, Query.all().orderBy(Sort.ascending("text")))).containsExactly(3L, 1L, 2L, 4L);
        assertThat(ids(samples, Query.all().orderBy(Sort.descending("text")))).containsExactly(1L, 3L, 2L, 4L);
        assertThat(ids(samples, Query.all().orderBy(Sort.ascending("text").nullsFirst())))
                .containsExactly(2L, 4L, 3L, 1L);
        assertThat(ids(samples, Query.all().orderBy(Sort.descending("text").nullsFirst())))
                .containsExactly(2L, 4L, 1L, 3L);
    }

    @Test
    default void everySortEndsInTheOrderOfTheCollection() {
        Repository<Sample, Long> samples = openSamples();
        for (long id : List.of(5L, 3L, 9L, 1L, 7L)) {
            samples.create(Sample.ofText(id, id > 4 ? "large" : "small"));
        }
        assertThat(ids(samples, Query.all())).containsExactly(5L, 3L, 9L, 1L, 7L);
        assertThat(ids(samples, Query.all().orderBy(Sort.ascending("text")))).containsExactly(5L, 9L, 7L, 3L, 1L);
        assertThat(ids(samples, Query.all().orderBy(Sort.descending("text")))).containsExactly(3L, 1L, 5L, 9L, 7L);
        assertThat(ids(samples, Query.all().orderBy(Sort.descending("text")).orderBy(Sort.ascending("id"))))
                .containsExactly(1L, 3L, 5L, 7L, 9L);
        assertThat(ids(samples, Query.all().orderBy(Sort.ascending("number")))).containsExactly(5L, 3L, 9L, 1L, 7L);
    }

    @Test
    default void prefixesAreTakenLiterally() {
        Repository<Sample, Long> samples = openSamples();
        List<String> texts = List.of("100%", "100", "1_0", "10\\", "a*", "😀x", "É", "é", "10%0");
        for (int i = 0; i < texts.size(); i++) {
            samples.create(Sample.ofText(i, texts.get(i)));
        }
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "10")))).containsExactly(0L, 1L, 3L, 8L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "10%"))))
                .containsExactly(8L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "1_")))).containsExactly(2L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "10\\"))))
                .containsExactly(3L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "😀")))).containsExactly(5L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "é")))).containsExactly(7L);
        assertThat(ids(samples, Query.all().where(Filter.prefix("text", "")))).hasSize(texts.size());
        assertThat(ids(samples, Query.all().where(Filter.prefix("number", "1"))))
                .isEmpty();
    }

    @Test
    default void nestedPropertiesAreReachedByTheirPath() {
        Repository<Sample, Long> samples = openSamples();
        for (int i = 1; i <= 3; i++) {
            samples.create(new Sample(
                    (long) i, null, null, null, null, null, null, null, null, null, new Stats(10 * i, null), null));
        }
        assertThat(ids(
                        samples,
                        Query.all().where(Filter.greater("stats.total", 10)).orderBy(Sort.descending("stats.total"))))
                .containsExactly(3L, 2L);
        assertThat(ids(samples, Query.all().where(Filter.isNull("stats.mean")))).hasSize(3);
    }

    @Test
    default void queriesThatNoStoreCouldAnswerAreRefused() {
        Repository<Sample, Long> samples = openSamples();
        for (Object value : List.of("a\0", "\ud800", Double.NaN, new Object(), List.of(1))) {
            Query query = Query.all().where(Filter.equal("text", value));
            assertThatThrownBy(() -> samples.list(query)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> samples.count(query)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> samples.stream(query)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(ids(samples, Query.all().where(Filter.equal("text", "'; DROP TABLE samples; --"))))
                .isEmpty();
        assertThat(ids(samples, Query.all().where(Filter.isNull("no \"such' property")))
                        .isEmpty())
                .isTrue();
    }

    static List<Long> ids(Repository<Sample, Long> samples, Query query) {
        return samples.list(query).stream().map(Sample::id).toList();
    }

    private static <E> List<E> backwards(List<E> list) {
        List<E> backwards = new ArrayList<>(list);
        Collections.reverse(backwards);
        return backwards;
    }

    @Test
    default void anObjectIsThereForQueriesAlsoWhereItIsFlattened() {
        TableLayout table = layout() instanceof TableLayout.Columns columns ? columns.flatten("stats") : layout();
        CollectionDefinition<Sample, Long> definition = CollectionDefinition.of("samples", Sample.class, Long.class)
                .table(table)
                .build();
        Storage storage = storage(definition);
        RawAccess raw = RawAccess.of(storage);
        raw.put(definition, "{\"id\":1,\"stats\":{\"total\":1}}");
        raw.put(definition, "{\"id\":2,\"stats\":null}");
        raw.put(definition, "{\"id\":3}");
        raw.put(definition, "{\"id\":4,\"stats\":{}}");
        raw.put(definition, "{\"id\":5,\"stats\":{\"unknown\":1}}");
        Repository<Sample, Long> samples = storage.repository(definition);
        assertThat(samples.list(Query.all().where(Filter.isNotNull("stats"))))
                .extracting(Sample::id)
                .containsExactly(1L, 4L, 5L);
        assertThat(samples.list(Query.all().where(Filter.isNull("stats"))))
                .extracting(Sample::id)
                .containsExactly(2L, 3L);
        assertThat(samples.list(Query.all().orderBy(Sort.ascending("stats").nullsFirst())))
                .extracting(Sample::id)
                .containsExactly(2L, 3L, 1L, 4L, 5L);
    }

    @Test
    default void whatIsWrittenInAnotherWayIsFoundAlikeInFilesAndColumns() {
        CollectionDefinition<Sample, Long> definition = samples();
        Storage storage = storage(definition);
        RawAccess.of(storage)
                .put(
                        definition,
                        "{\"id\":1,\"reference\":\"00000000-0000-0000-0000-00000000000A\","
                                + "\"moment\":\"2026-01-31T12:00:00+02:00\"}");
        Repository<Sample, Long> samples = storage.repository(definition);
        UUID reference = new UUID(0, 10);
        // A document is what is written; a column is what it means, also before it has been in one.
        long inColumns = columns() ? 1 : 0;
        assertThat(samples.count(Query.all().where(Filter.equal("reference", reference))))
                .isEqualTo(inColumns);
        assertThat(samples.count(Query.all().where(Filter.prefix("moment", "2026-01-31T10:00:00Z"))))
                .isEqualTo(inColumns);
        assertThat(samples.count(Query.all().where(Filter.prefix("moment", "2026-01-31T12"))))
                .isEqualTo(1 - inColumns);
        assertThat(samples.count(Query.all().where(Filter.equal("moment", Instant.parse("2026-01-31T10:00:00Z")))))
                .isEqualTo(1);
    }
}
