package dev.switchover.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.QueryEvaluator;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queries on declared indexes read about as many rows as they give, of some 10,000, and the right ones. */
class DeclaredIndexTest {

    record Sale(
            Long id,
            @Nullable String category,
            @Nullable LocalDate date,
            @Nullable BigDecimal amount,
            @Nullable Instant at,
            @Nullable UUID reference,
            @Nullable Double rate) {}

    private static final int ROWS = 10_000;
    private static final Pattern READ = Pattern.compile("(Scan.* rows=|Rows Removed by Filter: )([0-9.]+)");

    private static TestDatabase database;
    private static PostgresStore store;
    private static final CollectionSchema<Sale, Long> COLUMNS = schema(
            "sales",
            TableLayout.columns()
                    .index("category")
                    .index("date")
                    .index("date", "amount")
                    .index("category", "at")
                    .index("reference")
                    .index("rate"));
    private static final CollectionSchema<Sale, Long> DOCUMENTS = schema(
            "papers",
            TableLayout.document()
                    .index("category")
                    .index("amount")
                    .index("category", "amount")
                    .index("at"));
    private static final CollectionSchema<Sale, Long> THEIRS =
            schema("theirs", TableLayout.columns().existingTable("their_sales").index("date"));

    private static CollectionSchema<Sale, Long> schema(String name, TableLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of(name, Sale.class, Long.class)
                .table(layout)
                .build());
    }

    /** Every seventh value is null, categories have astral characters among them, and dates come in heaps. */
    @BeforeAll
    static void fill() throws SQLException {
        database = TestDatabase.create();
        sql("CREATE TABLE their_sales (id bigint PRIMARY KEY, category text, date date, amount numeric, at timestamptz,"
                + " reference uuid, rate double precision); CREATE INDEX theirs_by_date ON their_sales (date)");
        store = PostgresStore.open(
                PostgresSettings.of(DatabaseUrl.parse(database.url())), List.of(COLUMNS, DOCUMENTS, THEIRS));
        store.prepare();
        String values =
                " SELECT i, CASE WHEN i % 7 > 0 THEN (ARRAY['a', 'B', 'zz', U&'\\+01F600', U&'\\FF5E'])[1 + i % 5] || i %"
                        + " 200 END, CASE WHEN i % 11 > 0 THEN date '2020-01-01' + i * 37 % 1000 END, CASE WHEN i % 13 > 0 THEN"
                        + " (i * 7919 % 10007) / 100.0 END, CASE WHEN i % 7 > 1 THEN timestamptz '2024-01-01Z' + i * interval '1"
                        + " minute' END, CASE WHEN i % 7 > 2 THEN md5(i::text)::uuid END, CASE WHEN i % 7 > 3 THEN i / 10.0 END FROM"
                        + " generate_series(1, " + ROWS + ") i";
        sql("INSERT INTO sales (id, category, date, amount, at, reference, rate)" + values);
        sql("INSERT INTO their_sales (id, category, date, amount, at, reference, rate)" + values);
        sql("INSERT INTO papers (id, body) SELECT id, json_build_object('id', id, 'category', category, 'date', date,"
                + " 'amount', amount, 'at', to_char(at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'reference', reference, 'rate', null) FROM"
                + " sales");
        String odd =
                "(VALUES ('1'), ('\"A\"'), ('\"2024-01-05T10:00:00Z\"'), ('true'), ('{}'), ('[1]'), ('\"zzz\"'), ('-5'))";
        sql(
                "INSERT INTO papers (id, body) SELECT 20000 + row_number() OVER (), ('{\"id\":' || 20000 + row_number() OVER () ||"
                        + " ',\"category\":' || a.v || ',\"amount\":' || b.v || ',\"at\":' || a.v || '}')::json FROM "
                        + odd
                        + " a (v), " + odd + " b (v)");
        store.prepare();
        sql("ANALYZE");
    }

    @AfterAll
    static void drop() {
        store.close();
        database.close();
    }

    private static void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<RawRecord> check(CollectionSchema<?, ?> schema, Query query, int mostRead) throws SQLException {
        List<RawRecord> found = store.list(schema, query);
        List<RawRecord> all = store.list(schema, Query.all());
        assertThat(found.stream().map(record -> record.id().text()))
                .as("%s", query)
                .containsExactlyElementsOf(QueryEvaluator.of(schema, query).evaluate(all).stream()
                        .map(record -> record.id().text())
                        .toList());
        String plan = plan(schema, query);
        double read = 0;
        Matcher counts = READ.matcher(plan);
        while (counts.find()) {
            read += Double.parseDouble(counts.group(2));
        }
        assertThat(plan).contains("Index").doesNotContain("Seq Scan");
        assertThat(read).as("rows read by %s%n%s", query, plan).isLessThan(mostRead);
        return found;
    }

    private static String plan(CollectionSchema<?, ?> schema, Query query) throws SQLException {
        Names names = new Names(null);
        QuerySql.Statement sql = QuerySql.select(RecordTable.of(schema, names), names, query);
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.connect();
                PreparedStatement statement = Bind.all(
                        connection.prepareStatement(
                                "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) " + sql.text()),
                        sql.parameters());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    @Test
    void equality_prefix_and_range_in_columns() throws SQLException {
        assertThat(check(COLUMNS, Query.all().where(Filter.equal("category", "B1")), 200))
                .isNotEmpty();
        assertThat(check(COLUMNS, Query.all().where(Filter.prefix("category", "\uD83D\uDE001")), 4_000))
                .isNotEmpty();
        assertThat(check(COLUMNS, Query.all().where(Filter.prefix("category", "zz11")), 1_000))
                .isNotEmpty();
        LocalDate day = LocalDate.of(2021, 3, 1);
        check(COLUMNS, Query.all().where(Filter.equal("date", day)), 60);
        check(
                COLUMNS,
                Query.all().where(Filter.greaterOrEqual("date", day)).where(Filter.less("date", day.plusDays(9))),
                400);
        check(COLUMNS, Query.all().where(Filter.equal("date", day)).where(Filter.greater("amount", 50)), 60);
        RawRecord any = store.list(
                        COLUMNS,
                        Query.all().where(Filter.isNotNull("reference")).limit(1))
                .get(0);
        UUID reference = COLUMNS.decode(any.id(), any.body()).reference();
        assertThat(check(COLUMNS, Query.all().where(Filter.equal("reference", String.valueOf(reference))), 5))
                .hasSize(1);
    }

    @Test
    void equality_prefix_and_range_in_documents() throws SQLException {
        assertThat(check(DOCUMENTS, Query.all().where(Filter.equal("category", "B1")), 200))
                .isNotEmpty();
        assertThat(check(DOCUMENTS, Query.all().where(Filter.prefix("category", "zz11")), 1_000))
                .isNotEmpty();
        assertThat(check(
                        DOCUMENTS,
                        Query.all().where(Filter.greater("amount", 99)).where(Filter.lessOrEqual("amount", 99.5)),
                        300))
                .isNotEmpty();
    }

    @Test
    void a_sort_with_a_limit_reads_its_page_only() throws SQLException {
        for (String property : List.of("category", "date", "reference", "rate", "id")) {
            check(COLUMNS, Query.all().orderBy(Sort.ascending(property)).limit(20), 120);
            check(COLUMNS, Query.all().orderBy(Sort.descending(property)).limit(20), 120);
            check(
                    COLUMNS,
                    Query.all().orderBy(Sort.ascending(property).nullsFirst()).limit(20),
                    120);
            check(
                    COLUMNS,
                    Query.all().orderBy(Sort.descending(property).nullsFirst()).limit(20),
                    2_000);
        }
        check(
                COLUMNS,
                Query.all()
                        .orderBy(Sort.descending("date"))
                        .orderBy(Sort.descending("amount"))
                        .limit(20),
                120);
        check(
                COLUMNS,
                Query.all()
                        .orderBy(Sort.descending("date"))
                        .orderBy(Sort.ascending("rate"))
                        .limit(20),
                120);
        check(
                COLUMNS,
                Query.all()
                        .where(Filter.equal("category", "B1"))
                        .orderBy(Sort.descending("at"))
                        .limit(5),
                120);
        check(COLUMNS, Query.all().orderBy(Sort.descending("date")).limit(10).offset(15), 120);
        check(THEIRS, Query.all().orderBy(Sort.descending("date")).limit(20), 240);
    }

    @Test
    void a_sort_of_documents_with_a_limit_reads_its_page_only() throws SQLException {
        for (String property : List.of("category", "amount", "at")) {
            for (Sort sort : List.of(Sort.ascending(property), Sort.descending(property))) {
                check(DOCUMENTS, Query.all().orderBy(sort).limit(20), 350);
                check(DOCUMENTS, Query.all().orderBy(sort).limit(30).offset(50), 700);
                check(DOCUMENTS, Query.all().orderBy(sort.nullsFirst()).limit(20), 350);
                check(
                        DOCUMENTS,
                        Query.all()
                                .orderBy(sort)
                                .orderBy(Sort.descending("rate"))
                                .orderBy(Sort.ascending("amount"))
                                .limit(20),
                        900);
            }
        }
        for (Sort sort : List.of(Sort.ascending("amount"), Sort.descending("amount"))) {
            Query some = Query.all().where(Filter.equal("category", "B1"));
            assertThat(check(DOCUMENTS, some.orderBy(sort).limit(5), 120)).hasSize(5);
            check(DOCUMENTS, some.orderBy(sort.nullsFirst()).limit(60), 240);
        }
    }

    @Test
    void an_index_gives_the_order_of_documents() throws SQLException {
        for (Query query : List.of(
                Query.all().orderBy(Sort.ascending("amount")).limit(20),
                Query.all()
                        .where(Filter.equal("category", "B1"))
                        .orderBy(Sort.ascending("amount"))
                        .limit(5))) {
            String declared = plan(DOCUMENTS, query).split("CTE p1")[0];
            assertThat(declared).contains("CTE p0", "Index Scan using switchover_papers_");
            assertThat(declared.substring(declared.indexOf("CTE p0"))).doesNotContain("Sort");
        }
    }

    @Test
    void a_page_of_documents_goes_on_where_the_last_one_ended() throws SQLException {
        List<RawRecord> all = store.list(DOCUMENTS, Query.all());
        for (String property : List.of("category", "amount", "at")) {
            for (Sort sort : List.of(
                    Sort.ascending(property),
                    Sort.descending(property),
                    Sort.ascending(property).nullsFirst(),
                    Sort.descending(property).nullsFirst())) {
                Query query = Query.all().orderBy(sort).orderBy(Sort.descending("rate"));
                List<RawRecord> sorted = QueryEvaluator.of(DOCUMENTS, query).evaluate(all);
                // Among the odd ones and the nulls at either end, and in the middle.
                for (int at : List.of(0, 12, 25, 50, 2_000, 5_000, 8_600, 9_000, 9_990, ROWS + 20, ROWS + 60)) {
                    Query page = query.limit(20).after(PageKeys.of(DOCUMENTS, query, sorted.get(at)));
                    assertThat(store.list(DOCUMENTS, page).stream()
                                    .map(record -> record.id().text()))
                            .as("%s behind %s", sort, at)
                            .containsExactlyElementsOf(sorted.subList(at + 1, Math.min(sorted.size(), at + 21)).stream()
                                    .map(record -> record.id().text())
                                    .toList());
                }
                check(DOCUMENTS, query.limit(20).after(PageKeys.of(DOCUMENTS, query, sorted.get(5_000))), 900);
            }
        }
    }

    @Test
    void a_page_goes_on_where_the_last_one_ended_without_reading_it() throws SQLException {
        List<List<Sort>> orders = new ArrayList<>();
        for (String property : List.of("category", "date", "rate")) {
            for (Sort sort : List.of(Sort.ascending(property), Sort.descending(property))) {
                orders.add(List.of(sort));
                orders.add(List.of(sort.nullsFirst()));
            }
        }
        orders.add(List.of(Sort.descending("date"), Sort.ascending("amount")));
        orders.add(List.of(Sort.ascending("id")));
        List<RawRecord> all = store.list(COLUMNS, Query.all());
        for (List<Sort> order : orders) {
            Query query = Query.all();
            for (Sort sort : order) {
                query = query.orderBy(sort);
            }
            List<RawRecord> sorted = QueryEvaluator.of(COLUMNS, query).evaluate(all);
            // In the middle, among the nulls at either end, and where values begin or end.
            for (int at : List.of(0, 700, 900, 1_420, 1_440, 5_000, 8_550, 8_580, 9_080, 9_100, ROWS - 5)) {
                Query page = query.limit(20).after(PageKeys.of(COLUMNS, query, sorted.get(at)));
                assertThat(store.list(COLUMNS, page).stream()
                                .map(record -> record.id().text()))
                        .as("%s behind %s", order, at)
                        .containsExactlyElementsOf(sorted.subList(at + 1, Math.min(ROWS, at + 21)).stream()
                                .map(record -> record.id().text())
                                .toList());
            }
            check(COLUMNS, query.limit(20).after(PageKeys.of(COLUMNS, query, sorted.get(5_000))), 300);
        }
    }
}
