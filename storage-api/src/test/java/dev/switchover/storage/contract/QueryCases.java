package dev.switchover.storage.contract;

import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.contract.ContractRecords.Colour;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Makes records and queries over them, the same for the same seed. */
final class QueryCases {

    private static final List<String> NUMBERS = List.of(
            "0",
            "-0.0",
            "7",
            "7.00",
            "-1",
            "1.10",
            "1.1",
            "9007199254740993",
            "9007199254740992",
            "123456789012345678901234567890",
            "0.000000000000000000001",
            "-123456789012345678901234567890.5");

    private static final List<String> TEXTS = List.of(
            "\"\"",
            "\"7\"",
            "\"true\"",
            "\"a\"",
            "\"A\"",
            "\"ab\"",
            "\"a%\"",
            "\"a_\"",
            "\"a\\\\\"",
            "\"é\"",
            "\"e\\u0301\"",
            "\"\\ud83d\\ude00\"",
            "\"\\uffee\"",
            "\"null\"",
            "\"'\"",
            "\"2026-01-31\"",
            "\"2026-01-31T10:00:00Z\"");

    private static final List<String> OTHERS =
            List.of("true", "false", "[]", "[7]", "{}", "{\"x\":7}", "{\"x\":\"a\"}", "null");

    private static final List<Object> OPERANDS = List.of(
            0,
            7,
            7.0,
            -1L,
            1.1f,
            new BigDecimal("1.100"),
            9007199254740993L,
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("1E+25"),
            "",
            "7",
            "a",
            "A",
            "a%",
            "é",
            "😀",
            "\uffee",
            "true",
            "GREEN",
            true,
            false,
            Colour.RED,
            LocalDate.of(2026, 1, 31),
            Instant.parse("2026-01-31T10:00:00Z"),
            OffsetDateTime.parse("2026-01-31T12:00:00.000001+02:00"),
            "2026-01-31T10:00:00Z",
            UUID.fromString("00000000-0000-0000-0000-00000000000a"));

    private static final List<String> PREFIXES =
            List.of("", "a", "a%", "a_", "a\\", "é", "😀", "2026", "2026-01-31T1", "7", "'");

    private final Random random;
    /** What each property of a record may hold; with a dot, a member of a nested object. */
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private final List<String> asked = new ArrayList<>();

    private QueryCases(long seed) {
        this.random = new Random(seed);
    }

    static QueryCases ofTrees(long seed) {
        QueryCases cases = new QueryCases(seed);
        List<String> anything = new ArrayList<>(NUMBERS);
        anything.addAll(TEXTS);
        anything.addAll(OTHERS);
        cases.values.put("v", anything);
        cases.values.put("w", anything);
        cases.values.put("few", List.of("1", "\"1\"", "null", "true"));
        cases.asked.addAll(List.of("id", "v", "w", "few", "v.x", "nothing", "w.x.y", "it's \"quoted\""));
        return cases;
    }

    /** @param columns leaves out what a typed column refuses, and never a document */
    static QueryCases ofSamples(long seed, boolean columns) {
        QueryCases cases = new QueryCases(seed);
        List<String> anything = new ArrayList<>(NUMBERS);
        anything.addAll(TEXTS);
        anything.addAll(OTHERS);
        List<String> moments = new ArrayList<>(List.of(
                "\"2026-01-31T10:00:00Z\"",
                "\"2026-01-31T12:00:00+02:00\"",
                "\"2026-01-31T10:00:00.000001Z\"",
                "\"2026-01-31T10:00:00.5Z\"",
                "\"1969-12-31T23:59:59.999999Z\"",
                "\"0001-01-01T00:00:00Z\"",
                "null"));
        if (!columns) {
            moments.add("\"2026-01-31T10:00:00.000000001Z\"");
            moments.add("\"2026-01-31T10:00:00.0000005Z\"");
            moments.addAll(List.of(
                    "\"0000-02-29T00:00:00Z\"",
                    "\"-0001-01-01T00:00:00Z\"",
                    "\"-0401-12-31T23:59:59.5+01:00\"",
                    "\"+10000-01-01T00:00:00+02:00\"",
                    "\"+999999999-12-31T23:59:59.999999999-18:00\"",
                    "\"-999999999-01-01T00:00:00+18:00\"",
                    // What looks like a moment and is none.
                    "\"+1000000000-01-01T00:00:00Z\"",
                    "\"-0000-01-01T00:00:00Z\"",
                    "\"+2026-01-31T10:00:00Z\"",
                    "\"-0001-02-29T00:00:00Z\""));
        }
        cases.values.put("number", withNull(NUMBERS));
        cases.values.put("whole", List.of("0", "7", "-1", "9007199254740993", "9223372036854775807", "null"));
        cases.values.put("approximate", List.of("0.0", "-0.0", "7.0", "1.1", "1.0E300", "-1.0E-300", "null"));
        cases.values.put("flag", List.of("true", "false", "null"));
        cases.values.put("text", withNull(TEXTS));
        cases.values.put("colour", List.of("\"RED\"", "\"GREEN\"", "null"));
        cases.values.put(
                "reference",
                List.of(
                        "\"00000000-0000-0000-0000-00000000000a\"",
                        "\"ffffffff-0000-0000-0000-000000000000\"",
                        "null"));
        cases.values.put("day", List.of("\"2026-01-31\"", "\"0001-01-01\"", "\"9999-12-31\"", "null"));
        cases.values.put("moment", moments);
        cases.values.put(
                "stats", List.of("{\"total\":7}", "{\"total\":-1,\"mean\":1.10}", "{\"mean\":7,\"x\":\"a\"}", "null"));
        cases.values.put("list", List.of("[]", "[\"a\"]", "null"));
        cases.values.put("extra", anything);
        cases.asked.addAll(cases.values.keySet());
        cases.asked.addAll(List.of("id", "stats.total", "stats.mean", "stats.x", "extra.x", "nothing"));
        return cases;
    }

    List<String> records(int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder json = new StringBuilder("{\"id\":").append((i * 37) % count - 5);
            values.forEach((name, possible) -> {
                // Every seventh property is absent.
                if (random.nextInt(7) > 0) {
                    json.append(",\"").append(name).append("\":").append(one(possible));
                }
            });
            records.add(json.append('}').toString());
        }
        return records;
    }

    Query query() {
        Query query = Query.all();
        for (int i = random.nextInt(3); i > 0; i--) {
            query = query.where(filter());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            Sort sort = random.nextBoolean() ? Sort.ascending(one(asked)) : Sort.descending(one(asked));
            query = query.orderBy(random.nextBoolean() ? sort : sort.nullsFirst());
        }
        if (random.nextInt(3) == 0) {
            query = query.limit(random.nextInt(20));
        }
        return random.nextInt(3) == 0 ? query.offset(random.nextInt(10)) : query;
    }

    private Filter filter() {
        String property = one(asked);
        return switch (random.nextInt(5)) {
            case 0 -> Filter.in(property, List.of(one(OPERANDS), one(OPERANDS), one(OPERANDS)));
            case 1 -> Filter.prefix(property, one(PREFIXES));
            case 2 -> new Filter.Null(property, random.nextBoolean());
            default -> new Filter.Comparison(property, one(List.of(Filter.Comparator.values())), one(OPERANDS));
        };
    }

    private <E> E one(List<E> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<String> withNull(List<String> list) {
        List<String> longer = new ArrayList<>(list);
        longer.add("null");
        return longer;
    }
}
