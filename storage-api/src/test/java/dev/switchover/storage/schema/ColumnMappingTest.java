package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnMappingTest {

    enum Level {
        LOW
    }

    record Stats(int totalMatches, @Nullable Inner inner) {}

    record Inner(@Nullable String value) {}

    record Everything(
            long id,
            @Nullable Integer count,
            @Nullable BigDecimal amount,
            @Nullable BigInteger big,
            @Nullable Double mean,
            @Nullable Float ratio,
            @Nullable Boolean open,
            @Nullable String name,
            @Nullable Level level,
            @Nullable UUID reference,
            @Nullable LocalDate day,
            @Nullable Instant at,
            @Nullable OffsetDateTime sentAt,
            @Nullable LocalDateTime local,
            @Nullable Stats stats,
            @Nullable List<Stats> history,
            @Nullable Map<String, Object> more,
            @JsonProperty("theURLPath") @Nullable String url) {}

    private static final CollectionSchema<Everything, Long> SCHEMA = schema(TableLayout.columns());

    static CollectionSchema<Everything, Long> schema(TableLayout layout) {
        return CollectionSchema.of(CollectionDefinition.of("everything", Everything.class, Long.class)
                .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                .table(layout)
                .build());
    }

    @Test
    void everyPropertyHasAColumnOfItsType() {
        assertThat(columns(SCHEMA).columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "id bigint",
                        "count integer",
                        "amount numeric",
                        "big numeric",
                        "mean double precision",
                        "ratio double precision",
                        "open boolean",
                        "name text",
                        "level text",
                        "reference uuid",
                        "day date",
                        "at timestamp with time zone",
                        "sent_at timestamp with time zone",
                        "local text",
                        "stats json",
                        "history json",
                        "more json",
                        "the_url_path text");
        assertThat(columns(SCHEMA).column("id"))
                .isEqualTo(new ColumnMapping.Column("id", "id", ColumnType.BIGINT, true));
        assertThat(columns(SCHEMA).column("sentAt").name()).isEqualTo("sent_at");
        assertThat(columns(SCHEMA).column("nothing")).isNull();
        assertThat(columns(SCHEMA).restColumn()).isEqualTo("switchover_rest");
    }

    @Test
    void aRowAndItsRecordAreTheSame() {
        String body = "{\"id\":7,\"count\":-3,\"amount\":1.10,\"big\":123456789012345678901234567890,\"mean\":-0.0,"
                + "\"ratio\":0.1,\"open\":true,\"name\":\"a\\n\\\"é\",\"level\":\"LOW\","
                + "\"reference\":\"0000000a-0000-0000-0000-00000000000f\",\"day\":\"2024-02-29\","
                + "\"at\":\"2026-01-31T10:00:00.123456Z\",\"sentAt\":\"2026-01-31T10:00:00Z\","
                + "\"local\":\"2026-01-31T10:00:00.123456789\",\"stats\":{\"totalMatches\":1,\"x\":1e2},"
                + "\"history\":[{\"totalMatches\":1}],\"more\":{\"z\":1.10,\"a\":-0.0},\"theURLPath\":null,\"x\":1e2}";
        ColumnMapping mapping = columns(SCHEMA);
        String[] row = mapping.toRow(bytes(body));
        assertThat(row)
                .containsExactly(
                        "7",
                        "-3",
                        "1.10",
                        "123456789012345678901234567890",
                        "-0.0",
                        "0.1",
                        "true",
                        "a\n\"é",
                        "LOW",
                        "0000000a-0000-0000-0000-00000000000f",
                        "2024-02-29",
                        "2026-01-31T10:00:00.123456Z",
                        "2026-01-31T10:00:00Z",
                        "2026-01-31T10:00:00.123456789",
                        "{\"totalMatches\":1,\"x\":1e2}",
                        "[{\"totalMatches\":1}]",
                        "{\"z\":1.10,\"a\":-0.0}",
                        null,
                        "{\"x\":1e2}");
        assertThat(text(mapping.fromRow(row))).isEqualTo(body);
        assertThat(SCHEMA.decode(new RecordId("7"), mapping.fromRow(row)))
                .isEqualTo(SCHEMA.decode(new RecordId("7"), bytes(body)));
    }

    @Test
    void textAsPostgresqlCastsItIsUnderstood() {
        ColumnMapping mapping = columns(SCHEMA);
        String[] row = new String[mapping.columns().size() + 1];
        row[0] = "7";
        row[4] = "1e+22";
        row[6] = "t";
        row[11] = "2026-01-31 10:00:00.1234";
        row[12] = "2026-01-31 10:00:00";
        String body = text(mapping.fromRow(row));
        assertThat(body)
                .contains("\"mean\":1.0E22")
                .contains("\"open\":true")
                .contains("\"at\":\"2026-01-31T10:00:00.123400Z\"")
                .contains("\"sentAt\":\"2026-01-31T10:00:00Z\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "/count     | 7.0                               | integer",
                "/count     | 7e0                               | integer",
                "/count     | 2147483648                        | from -2147483648",
                "/count     | '\"7\"'                           | must be a number",
                "/amount    | 1e2                               | exponent",
                "/amount    | '\"1.10\"'                        | must be a number",
                "/mean      | 0.1234567890123456789             | more digits",
                "/mean      | 1e309                             | too large",
                "/open      | 1                                 | true or false",
                "/name      | 7                                 | must be a string",
                "/reference | '\"1-1-1-1-1\"'                   | UUID",
                "/day       | '\"2026-02-30\"'                  | calendar date",
                "/day       | '\"2026-1-1\"'                    | calendar date",
                "/day       | '\"+12026-01-01\"'                | years",
                "/at        | '\"2026-01-31T10:00:00.1234567Z\"' | microsecond",
                "/at        | '\"2026-01-31\"'                  | moment",
                "/at        | '\"-0001-01-31T10:00:00Z\"'       | years",
                "/at        | '\"2026-01-31T10:00Z\"'           | moment",
                "/sentAt    | '\"2026-01-31T10:00:00+02:00\"'   | offset",
            })
    void whatWouldNotComeOutAsItWentInIsRefused(String path, String value, String reason) {
        byte[] body = bytes("{\"id\":7,\"" + path.substring(1) + "\":" + value + "}");
        InvalidRecordException refused =
                catchThrowableOfType(InvalidRecordException.class, () -> SCHEMA.check(body, null));
        assertThat(refused.path()).isEqualTo(path);
        assertThat(refused.id()).isEqualTo("7");
        assertThat(refused.reason()).contains(reason);
    }

    @Test
    void aMomentKeepsItsTimeInAnyOffsetWhereTheClassHasNone() {
        assertThat(columns(SCHEMA).toRow(bytes("{\"id\":7,\"at\":\"2026-01-31T12:00:00+02:00\"}"))[11])
                .isEqualTo("2026-01-31T10:00:00Z");
    }

    @Test
    void whatTheLibraryWritesIsWrittenAsATableGivesItBack() {
        Everything record = new Everything(
                7,
                null,
                new BigDecimal("1E+2"),
                null,
                1.0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                OffsetDateTime.parse("2026-01-31T10:00Z"),
                null,
                null,
                null,
                null,
                null);
        byte[] body = SCHEMA.encode(record).body();
        assertThat(text(body)).contains("\"amount\":100,").contains("\"sentAt\":\"2026-01-31T10:00:00Z\"");
        assertThat(columns(SCHEMA).fromRow(columns(SCHEMA).toRow(body))).isEqualTo(body);
        assertThat(SCHEMA.check(body, null).body()).isEqualTo(body);
    }

    @Test
    void nullAndAbsentAndTheOrderOfPropertiesAreNoDifference() {
        byte[] left = bytes("{\"id\":7,\"name\":\"a\",\"more\":{\"a\":1}}");
        byte[] right = bytes("{ \"name\":\"\\u0061\", \"more\" : { \"a\" : 1 }, \"count\":null, \"id\":7 }");
        assertThat(SCHEMA.sameContent(left, right)).isTrue();
        assertThat(SCHEMA.sameContent(left, bytes("{\"id\":7,\"name\":\"a\",\"more\":{\"a\":1.0}}")))
                .isFalse();
        assertThat(SCHEMA.sameContent(left, bytes("{\"id\":7,\"name\":\"a\",\"more\":{\"a\":1},\"x\":null}")))
                .isFalse();
        assertThat(SCHEMA.sameContent(left, bytes("{\"name\":\"a\",\"more\":{\"a\":1}}")))
                .isTrue();
        assertThat(SCHEMA.sameContent(left, bytes("{\"id\":8,\"name\":\"a\",\"more\":{\"a\":1}}")))
                .isFalse();
    }

    @Test
    void whatSomebodyPutIntoATableByHandIsNotBelieved() {
        ColumnMapping mapping = columns(SCHEMA);
        Map<Integer, String> wrong = Map.of(
                2,
                "NaN",
                4,
                "Infinity",
                10,
                "infinity",
                11,
                "infinity",
                14,
                "{\"a\":1,\"a\":2}",
                16,
                "{\"a\":\"\\u0000\"}");
        wrong.forEach((column, value) -> {
            String[] row = new String[mapping.columns().size() + 1];
            row[column] = value;
            assertThatThrownBy(() -> mapping.fromRow(row)).as(value).isInstanceOf(InvalidRecordException.class);
        });
    }

    @Test
    void anUpdateKeepsTheRestAndIsWrittenAsATableGivesItBack() {
        byte[] stored = bytes("{\"x\":1e2,\"id\":7,\"name\":\"a\"}");
        Everything changed = new Everything(
                7, 1, null, null, null, null, null, "b", null, null, null, null, null, null, null, null, null, null);
        byte[] merged = SCHEMA.merge(stored, SCHEMA.encode(changed).body());
        assertThat(text(merged))
                .startsWith("{\"id\":7,\"count\":1,")
                .contains("\"name\":\"b\"")
                .endsWith("\"x\":1e2}");
    }

    private static ColumnMapping columns(CollectionSchema<?, ?> schema) {
        return schema.columns().orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
