package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Filter;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same answers from SQL as from {@link QueryEvaluator}, over generated records and queries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuerySqlTest {

    private static final String[] TEXTS = {
        "",
        "a",
        "A",
        "ab",
        "b",
        "é",
        "é",
        "ä",
        "z",
        "Z",
        "ℵ",
        "￿",
        "😀",
        "😀a",
        "𐀀",
        "'",
        "\\\\",
        "%",
        "_",
        "a%",
        "10",
        "9",
        "null",
        "true",
        "2024-02-29",
        "שלום",
        "₪",
        "\\\"",
        "\\ud83d\\ude00b",
        "?",
        "?::text",
        "$1"
    };
    private static final String[] NUMBERS = {
        "0",
        "-0.0",
        "1",
        "1.0",
        "1.00",
        "-1",
        "10",
        "9",
        "1e2",
        "100",
        "0.1",
        "1.5",
        "123456789012345678901234567890",
        "9007199254740993",
        "1e-20",
        "-123.456"
    };
    private static final String[] MOMENTS = {
        "2024-01-01T00:00:00Z",
        "2024-01-01T01:00:00+01:00",
        "2024-01-01T00:00:00.000001Z",
        "2024-01-01T00:00:00.123456789Z",
        "2023-12-31T23:59:59.999999999Z",
        "2024-02-30T00:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T12:00Z",
        "2024-02-29t12:00:00.5z",
        "1969-12-31T23:59:59.5-00:30",
        "2024-01-01",
        "2024-01-01 00:00:00Z",
        "0001-01-01T00:00:00+18:00",
        "9999-12-31T23:59:59.999999-18:00",
        "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00+18:01",
        "noon"
    };
    private static final String[] COLUMN_MOMENTS = {
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00.000001Z",
        "2024-01-01T00:00:00.5Z",
        "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00.120Z"
    };
    private static final String[] DAYS = {"2024-02-29", "2024-01-01", "1999-12-31", "0001-01-01", "9999-12-31"};
    private static final String[] DOUBLES = {"0.1", "1.0", "-0.5", "1.0E20", "3.141592653589793", "100.0", "4.9E-324"};
    private static final String[] PROPERTIES = {
        "id",
        "name",
        "amount",
        "paid",
        "day",
        "at",
        "rate",
        "tags",
        "extra",
        "extra.deep",
        "extra.deep.er",
        "no'pe",
        "tags.0"
    };

    private Fixture fixture;
    private final CollectionSchema<Fixture.Note, String> keyed =
            CollectionSchema.of(CollectionDefinition.of("keyed", Fixture.Note.class, String.class)
                    .json(JsonLayout.objectKeyedById())
                    .table(TableLayout.document())
                    .build());

    @BeforeAll
    void fill() {
        fixture = Fixture.serving(Mirroring.OFF);
        Random random = new Random(7);
        List<Write> writes = new ArrayList<>();
        for (int id = 1; id <= 300; id++) {
            writes.add(write(fixture.documents, id, anything(random, id)));
            writes.add(write(fixture.columns, id, typed(random, id)));
        }
        Collections.shuffle(writes, random);
        fixture.store.write(writes);
    }

    @AfterAll
    void close() {
        fixture.close();
    }

    private static Write write(CollectionSchema<?, ?> schema, int id, String body) {
        return new Write.Put(schema, new RecordId(Integer.toString(id)), bytes(body), Expected.ANY);
    }

    private static <E> E one(Random random, E[] of) {
        return of[random.nextInt(of.length)];
    }

    private static String string(Random random) {
        return "\"" + one(random, TEXTS) + "\"";
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 5 : 7)) {
            case 0 -> "null";
            case 1 -> Boolean.toString(random.nextBoolean());
            case 2 -> one(random, NUMBERS);
            case 3 -> "\"" + one(random, MOMENTS) + "\"";
            case 5 -> "[" + value(random, depth + 1) + "]";
            case 6 -> "{\"deep\":" + value(random, depth + 1) + ",\"er\":" + value(random, depth + 1) + "}";
            default -> string(random);
        };
    }

    /** Values of any kind under every property, as a document can have them. */
    private static String anything(Random random, int id) {
        StringBuilder body = new StringBuilder("{\"id\":" + id);
        for (String name : List.of("name", "amount", "paid", "day", "at", "rate", "tags", "extra", "no'pe")) {
            if (random.nextInt(8) != 0) {
                String value = name.equals("at") && random.nextInt(3) != 0
                        ? "\"" + one(random, MOMENTS) + "\""
                        : value(random, 0);
                body.append(",\"").append(name).append("\":").append(value);
            }
        }
        return body.append('}').toString();
    }

    /** Values of each property's kind, as a row can have them. */
    private static String typed(Random random, int id) {
        return "{\"id\":" + id
                + ",\"name\":" + orNull(random, string(random))
                + ",\"amount\":" + orNull(random, new BigDecimal(one(random, NUMBERS)).toPlainString())
                + ",\"paid\":" + orNull(random, Boolean.toString(random.nextBoolean()))
                + ",\"day\":" + orNull(random, "\"" + one(random, DAYS) + "\"")
                + ",\"at\":" + orNull(random, "\"" + one(random, COLUMN_MOMENTS) + "\"")
                + ",\"rate\":" + orNull(random, one(random, DOUBLES))
                + ",\"tags\":" + orNull(random, "[\"x\"," + string(random) + "]")
                + ",\"extra\":" + value(random, 0) + "}";
    }

    private static String orNull(Random random, String value) {
        return random.nextInt(5) == 0 ? "null" : value;
    }

    private static Object operand(Random random) {
        String text = one(random, TEXTS).replace("\\\"", "\"").replace("\\\\", "\\");
        return switch (random.nextInt(12)) {
            case 0 -> random.nextBoolean();
            case 1 -> new BigDecimal(one(random, NUMBERS));
            case 2 -> random.nextInt(300);
            case 3 -> Double.valueOf(one(random, DOUBLES));
            case 4 -> Instant.parse(one(random, COLUMN_MOMENTS));
            case 5 -> Instant.parse("2024-01-01T00:00:00Z").plusNanos(random.nextInt(2_000));
            case 6 -> OffsetDateTime.parse("2024-01-01T01:00:00+01:00");
            case 7 -> LocalDate.parse(one(random, DAYS));
            case 8 -> one(random, MOMENTS);
            case 9 -> random.nextBoolean() ? Instant.MAX : Instant.MIN;
            default -> text.startsWith("\\ud") ? "😀b" : text;
        };
    }

    private static Filter filter(Random random) {
        String property = one(random, PROPERTIES);
        return switch (random.nextInt(10)) {
            case 0 -> Filter.isNull(property);
            case 1 -> Filter.isNotNull(property);
            case 2 -> Filter.in(property, List.of(operand(random), operand(random), operand(random)));
            case 3 -> Filter.prefix(property, random.nextInt(3) == 0 ? "2024-0" : String.valueOf(operand(random)));
            default -> new Filter.Comparison(property, one(random, Filter.Comparator.values()), operand(random));
        };
    }

    private static Query query(Random random) {
        Query query = Query.all();
        for (int i = random.nextInt(3); i > 0; i--) {
            query = query.where(filter(random));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Sort sort = random.nextBoolean()
                    ? Sort.ascending(one(random, PROPERTIES))
                    : Sort.descending(one(random, PROPERTIES));
            query = query.orderBy(random.nextBoolean() ? sort : sort.nullsFirst());
        }
        return query;
    }

    private List<RawRecord> all(CollectionSchema<?, ?> schema) {
        return fixture.store.list(schema, Query.all());
    }

    private static List<String> ids(List<RawRecord> records) {
        return records.stream().map(record -> record.id().text()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"documents", "columns"})
    void sql_answers_what_the_evaluator_answers(String layout) {
        CollectionSchema<?, ?> schema = layout.equals("columns") ? fixture.columns : fixture.documents;
        List<RawRecord> records = all(schema);
        assertThat(records).hasSize(300);
        for (int seed = 0; seed < 250; seed++) {
            Random random = new Random(seed);
            Query query = query(random);
            List<RawRecord> expected = QueryEvaluator.of(schema, query).evaluate(records);

            assertThat(ids(fixture.store.list(schema, query)))
                    .as("%s, seed %d: %s", layout, seed, query)
                    .isEqualTo(ids(expected));
            assertThat(fixture.store.count(schema, query)).as("seed %d", seed).isEqualTo(expected.size());
            pages(schema, query, expected, "seed " + seed + ": " + query);
        }
    }

    private void pages(CollectionSchema<?, ?> schema, Query query, List<RawRecord> expected, String description) {
        if (expected.size() < 3) {
            return;
        }
        for (int place : new int[] {0, expected.size() / 3, expected.size() / 2, expected.size() - 2}) {
            Query rest = query.after(PageKeys.of(schema, query, expected.get(place)))
                    .offset(place % 2)
                    .limit(20);
            int from = place + 1 + place % 2;
            assertThat(ids(fixture.store.list(schema, rest)))
                    .as("%s after %d", description, place)
                    .isEqualTo(ids(
                            expected.subList(Math.min(from, expected.size()), Math.min(from + 20, expected.size()))));
        }
    }

    @Test
    void a_body_that_lies_under_its_key_is_found_by_its_id() {
        try (Fixture own = Fixture.create();
                PostgresStore store = PostgresStore.open(own.settings(), List.of(keyed))) {
            store.prepare();
            store.ledger()
                    .compareAndSet(
                            keyed,
                            null,
                            dev.switchover.storage.spi.LedgerEntry.first(
                                    java.util.UUID.randomUUID(), dev.switchover.storage.spi.Position.NONE),
                            "test");
            store.serve(keyed, 1);
            for (String id : List.of("b", "a", "c")) {
                store.write(List.of(new Write.Put(keyed, new RecordId(id), bytes("{\"text\":\"x\"}"), Expected.ANY)));
            }
            Query query = Query.all().where(Filter.greater("id", "a")).orderBy(Sort.descending("id"));
            assertThat(ids(store.list(keyed, query))).containsExactly("c", "b");
        }
    }

    @Test
    void an_equality_on_a_declared_property_uses_its_index() throws SQLException {
        QuerySql.Statement sql = QuerySql.select(
                RecordTable.of(fixture.documents, new Names(null)),
                new Names(null),
                Query.all().where(Filter.equal("name", "b")));
        String text = sql.text().replaceFirst("\\?::text", "'b'");

        fixture.sql("ANALYZE documents");
        String plan = fixture.ask("SELECT string_agg(line, ' ') FROM (SELECT '' AS line) x");
        try (var connection = fixture.database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            StringBuilder lines = new StringBuilder();
            try (var row = statement.executeQuery("EXPLAIN " + text)) {
                while (row.next()) {
                    lines.append(row.getString(1)).append('\n');
                }
            }
            plan = lines.toString();
        }
        assertThat(plan).containsPattern("switchover_documents_[0-9a-f]+");
        assertThat(plan).contains("Index Cond");
    }

    @Test
    void the_successor_of_a_prefix_skips_halves_of_pairs() {
        assertThat(FilterSql.successor("ab")).isEqualTo("ac");
        assertThat(FilterSql.successor("a\uD7FF")).isEqualTo("a\uE000");
        assertThat(FilterSql.successor("a" + Character.toString(Character.MAX_CODE_POINT)))
                .isEqualTo("b");
        assertThat(FilterSql.successor(Character.toString(Character.MAX_CODE_POINT)))
                .isNull();
        assertThat(Arrays.asList(FilterSql.successor(""))).containsOnlyNulls();
    }
}
