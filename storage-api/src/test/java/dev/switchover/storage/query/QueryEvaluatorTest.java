package dev.switchover.storage.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Filter;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryEvaluatorTest {

    record Event(long id, Instant at, LocalDate day) {}

    private static final CollectionSchema<JsonNode, Long> TREES = CollectionSchema.of(
            CollectionDefinition.of("trees", JsonNode.class, Long.class).build());

    private static final CollectionSchema<Event, Long> EVENTS = CollectionSchema.of(
            CollectionDefinition.of("events", Event.class, Long.class).build());

    @Test
    void sortsByKindThenByValueAndPutsNullWhereItIsAsked() {
        List<RawRecord> records = records(
                "\"b\"",
                "null",
                "true",
                "10",
                "\"\\ud83d\\ude00\"",
                "\"\\uffee\"",
                "[1]",
                "9.50",
                "false",
                "9.5",
                "{}",
                "-1e3");
        assertThat(ids(TREES, Query.all().orderBy(Sort.ascending("v")), records))
                .containsExactly(12L, 8L, 10L, 4L, 1L, 6L, 5L, 9L, 3L, 7L, 11L, 2L);
        assertThat(ids(TREES, Query.all().orderBy(Sort.descending("v").nullsFirst()), records))
                .containsExactly(2L, 7L, 11L, 3L, 9L, 5L, 6L, 1L, 4L, 8L, 10L, 12L);
    }

    @Test
    void aValueMatchesItsOwnKindOnly() {
        List<RawRecord> records = records("7", "\"7\"", "7.00", "null", "true", "8", "[7]");
        assertThat(found(records, Filter.equal("v", 7))).containsExactly(1L, 3L);
        assertThat(found(records, Filter.equal("v", "7"))).containsExactly(2L);
        assertThat(found(records, Filter.notEqual("v", 7))).containsExactly(6L);
        assertThat(found(records, Filter.greaterOrEqual("v", new BigDecimal("7.0"))))
                .containsExactly(1L, 3L, 6L);
        assertThat(found(records, Filter.less("v", 7.5))).containsExactly(1L, 3L);
        assertThat(found(records, Filter.in("v", List.of("7", true)))).containsExactly(2L, 5L);
        assertThat(found(records, Filter.isNull("v"))).containsExactly(4L);
        assertThat(found(records, Filter.isNull("absent"))).hasSize(7);
        assertThat(found(records, Filter.isNotNull("v"))).hasSize(6);
        assertThat(found(records, Filter.prefix("v", ""))).containsExactly(2L);
    }

    @Test
    void nestedPropertiesAreFoundByTheirPath() {
        List<RawRecord> records = records("{\"a\":{\"b\":1}}", "{\"a\":2}", "3");
        assertThat(found(records, Filter.equal("v.a.b", 1))).containsExactly(1L);
        assertThat(found(records, Filter.equal("v.a", 2))).containsExactly(2L);
        assertThat(found(records, Filter.isNull("v.a.b"))).containsExactly(2L, 3L);
    }

    @Test
    void momentsAreComparedByTimeWhateverTheirOffset() {
        List<RawRecord> records = new ArrayList<>();
        for (String at : List.of("2026-01-01T10:00:00Z", "2026-01-01T10:30:00+02:00", "2026-01-01T10:00:00.5Z")) {
            long id = records.size() + 1;
            records.add(record(id, "{\"id\":" + id + ",\"at\":\"" + at + "\",\"day\":\"2026-01-0" + id + "\"}"));
        }
        assertThat(ids(EVENTS, Query.all().orderBy(Sort.ascending("at")), records))
                .containsExactly(2L, 1L, 3L);
        assertThat(ids(
                        EVENTS,
                        Query.all().where(Filter.equal("at", OffsetDateTime.parse("2026-01-01T08:30:00Z"))),
                        records))
                .containsExactly(2L);
        assertThat(ids(EVENTS, Query.all().where(Filter.less("at", "2026-01-01T10:00:00.1Z")), records))
                .containsExactly(1L, 2L);
        assertThat(ids(EVENTS, Query.all().where(Filter.greater("day", LocalDate.of(2026, 1, 1))), records))
                .containsExactly(2L, 3L);
        assertThat(ids(EVENTS, Query.all().where(Filter.prefix("at", "2026-01-01T10:00")), records))
                .containsExactly(1L, 3L);
    }

    @Test
    void pagesGoOnBehindTheirKeyAlsoWhenItsRecordIsGone() {
        List<RawRecord> records = new ArrayList<>(records("3", "null", "1", "2", "2", "\"a\"", "null", "2"));
        Query query = Query.all().orderBy(Sort.descending("v").nullsFirst()).limit(3);
        List<Long> seen = new ArrayList<>();
        Query next = query;
        for (int page = 0; page < 3; page++) {
            List<RawRecord> found = QueryEvaluator.of(TREES, next).evaluate(records);
            found.forEach(record -> seen.add(record.order()));
            RawRecord last = found.get(found.size() - 1);
            next = query.after(PageKeys.of(TREES, query, last));
            records.remove(last);
        }
        assertThat(seen).containsExactly(2L, 7L, 6L, 1L, 4L, 5L, 8L, 3L);
    }

    @Test
    void keysOfOtherQueriesAndForgedOnesAreRefused() {
        Query query = Query.all().orderBy(Sort.ascending("v")).limit(1);
        PageKey key = PageKeys.of(TREES, query, records("1").get(0));
        assertThat(PageKeys.decode(query, key).values()).containsExactly(new PageKeys.SortValue(0, "1"));
        List<Query> others = List.of(
                Query.all(), query.orderBy(Sort.ascending("w")), Query.all().orderBy(Sort.descending("v")));
        others.forEach(other ->
                assertThatThrownBy(() -> PageKeys.decode(other, key)).isInstanceOf(IllegalArgumentException.class));
        for (String forged : List.of(
                "",
                "x",
                "[",
                "{}",
                "[1]",
                "[1,\"+1v\",0,\"1e5\"]",
                "[1,\"+1v\",0,null]",
                "[1,\"+1v\",7,\"a\"]",
                "[1,\"+1v\",2,\"maybe\"]",
                "[\"1\",\"+1v\",0,\"1\"]",
                "[99999999999999999999,\"+1v\",0,\"1\"]",
                "[9999999999999999999,\"+1v\",0,\"1\"]",
                "[1,\"+1v\",1,\"\\u0000\"]",
                "[1,\"+1v\",4294967296,\"1\"]")) {
            PageKey text = new PageKey(Base64.getUrlEncoder().encodeToString(forged.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> PageKeys.decode(query, text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PageKeys.decode(query, new PageKey("***")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitAndOffsetCountMatchesOnly() {
        List<RawRecord> records = records("1", "2", "1", "1", "1");
        Query ones = Query.all().where(Filter.equal("v", 1));
        assertThat(ids(TREES, ones.offset(1).limit(2), records)).containsExactly(3L, 4L);
        assertThat(ids(TREES, ones.offset(9), records)).isEmpty();
        assertThat(ids(TREES, ones.limit(0), records)).isEmpty();
    }

    @Test
    void whatNoRecordCanHoldIsRefused() {
        for (Object value : List.of("a\0", "\ud800", Double.NaN, new Object(), new BigDecimal("1E+1000000000"))) {
            assertThatThrownBy(() -> QueryEvaluator.of(TREES, Query.all().where(Filter.equal("v", value))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anIdThatIsOnlyTheKeyIsFoundAllTheSame() {
        CollectionSchema<JsonNode, Long> keyed =
                CollectionSchema.of(CollectionDefinition.of("trees", JsonNode.class, Long.class)
                        .json(JsonLayout.objectKeyedById())
                        .build());
        assertThat(ids(keyed, Query.all().where(Filter.equal("id", 7)), List.of(record(7, "{}"))))
                .containsExactly(7L);
    }

    private static List<Long> found(List<RawRecord> records, Filter filter) {
        return ids(TREES, Query.all().where(filter), records);
    }

    private static List<Long> ids(CollectionSchema<?, ?> schema, Query query, List<RawRecord> records) {
        return QueryEvaluator.of(schema, query).evaluate(records).stream()
                .map(RawRecord::order)
                .toList();
    }

    private static List<RawRecord> records(String... values) {
        List<RawRecord> records = new ArrayList<>();
        for (String value : values) {
            long id = records.size() + 1;
            records.add(record(id, "{\"id\":" + id + ",\"v\":" + value + "}"));
        }
        return records;
    }

    private static RawRecord record(long id, String body) {
        return new RawRecord(new RecordId(Long.toString(id)), id, id, body.getBytes(StandardCharsets.UTF_8));
    }
}
