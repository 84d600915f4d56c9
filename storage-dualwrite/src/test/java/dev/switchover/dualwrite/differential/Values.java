package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Records.Colour;
import dev.switchover.dualwrite.differential.Records.PlaceId;
import dev.switchover.dualwrite.differential.Records.Stats;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that stores have been known to lose, round, reorder or refuse; now and then one that has to be refused. */
final class Values {

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "7",
            "true",
            "null",
            "a",
            "A",
            "ab",
            "a%",
            "a_",
            "a\\",
            "b",
            "é",
            "e\u0301",
            "ﬁ",
            "ß",
            "İ",
            "ı",
            "\uffee",
            "\uffff",
            "\ue000",
            "😀",
            "😀a",
            "\ud800\udc00",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u0001\u001f\u007f",
            "\u0085",
            "\"",
            "'",
            "\\u0000",
            "\\N",
            "{}",
            "\r\n\t",
            "👩‍👩‍👧",
            "\u202eabc",
            "2026-01-31",
            "2026-01-31T10:00:00Z",
            "٣",
            "ไทย");

    private static final List<String> NUMBERS = List.of(
            "0",
            "0.0",
            "0.00",
            "1",
            "7",
            "7.00",
            "-1",
            "1.10",
            "1.1",
            "1E+2",
            "100",
            "9007199254740993",
            "9007199254740992",
            "-9007199254740993",
            "123456789012345678901234567890",
            "123456789012345678901234567890.5",
            "0.000000000000000000000000000001",
            "1E-400",
            "0E+3",
            "-0.5",
            "1E+400");

    private static final List<Double> DOUBLES = List.of(
            0.0,
            -0.0,
            7.0,
            0.1,
            0.1 + 0.2,
            1e22,
            1e-7,
            1e300,
            -1e-300,
            Double.MAX_VALUE,
            Double.MIN_VALUE,
            123456789.123456789,
            9007199254740992.0);

    private static final List<Instant> MOMENTS = List.of(
            Instant.parse("2026-01-31T10:00:00Z"),
            Instant.parse("2026-01-31T10:00:00.000001Z"),
            Instant.parse("2026-01-31T10:00:00.5Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            Instant.EPOCH,
            Instant.parse("1883-11-18T17:00:00Z"),
            Instant.parse("2026-03-29T01:30:00Z"));

    private static final List<LocalDate> DAYS = List.of(
            LocalDate.of(2026, 1, 31),
            LocalDate.of(1, 1, 1),
            LocalDate.of(9999, 12, 31),
            LocalDate.of(2024, 2, 29),
            LocalDate.of(1582, 10, 10));

    static final List<UUID> UUIDS = List.of(
            new UUID(0, 10),
            new UUID(-1L, -1L),
            UUID.fromString("abcdef01-2345-4678-9abc-def012345678"),
            UUID.fromString("7fffffff-ffff-4fff-bfff-ffffffffffff"),
            new UUID(0, 0));

    /** Some code points of each script. */
    private static final Map<Character.UnicodeScript, List<Integer>> SCRIPTS = scripts();

    private final Random random;

    Values(Random random) {
        this.random = random;
    }

    <E> E one(List<E> list) {
        return list.get(random.nextInt(list.size()));
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    @Nullable
    Object of(Class<?> type) {
        if (type == int.class) {
            return random.nextInt(5) - 1;
        }
        if (oneIn(4)) {
            return null;
        }
        if (type == String.class) {
            return oneIn(150) ? unstorable() : text();
        }
        if (type == BigDecimal.class) {
            return oneIn(150) ? one(List.of(new BigDecimal("1E+1001"), new BigDecimal("9E-2147483647"))) : number();
        }
        if (type == Long.class) {
            return oneIn(2)
                    ? (Object) (long) random.nextInt(5)
                    : one(List.of(Long.MAX_VALUE, Long.MIN_VALUE, 9007199254740993L, -1L, 7L));
        }
        if (type == Double.class) {
            return oneIn(60) ? one(List.of(Double.NaN, Double.POSITIVE_INFINITY)) : one(DOUBLES);
        }
        if (type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == Colour.class) {
            return one(List.of(Colour.values()));
        }
        if (type == UUID.class) {
            return one(UUIDS);
        }
        if (type == LocalDate.class) {
            return oneIn(100) ? LocalDate.of(10_000, 1, 1) : one(DAYS);
        }
        if (type == Instant.class) {
            return oneIn(60)
                    ? one(List.of(
                            Instant.parse("2026-01-31T10:00:00.000000001Z"), Instant.parse("-0001-01-01T00:00:00Z")))
                    : one(MOMENTS);
        }
        if (type == Stats.class) {
            return new Stats((int) of(int.class), oneIn(3) ? null : number());
        }
        List<String> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(oneIn(200) ? unstorable() : text());
        }
        return list;
    }

    BigDecimal number() {
        return new BigDecimal(one(NUMBERS));
    }

    String text() {
        return switch (random.nextInt(12)) {
            case 0 -> scripted() + scripted() + scripted();
            case 1 -> one(TEXTS) + one(TEXTS);
            case 2 -> one(TEXTS) + scripted();
            case 3 -> oneIn(20) ? one(TEXTS).repeat(one(List.of(100, 700))) : scripted();
            default -> one(TEXTS);
        };
    }

    private String scripted() {
        List<List<Integer>> all = List.copyOf(SCRIPTS.values());
        return Character.toString(one(one(all)));
    }

    private String unstorable() {
        return one(List.of("a\0b", "\ud800", "a\udc00", "\udc00\ud800", "x".repeat(60_000)));
    }

    /** An id the caller might give. Few, so that they meet again. */
    Object id(Class<?> type) {
        if (type == Long.class) {
            return one(List.of(1L, 2L, 7L, -5L, 0L, 1000L, 9007199254740993L));
        }
        if (type == UUID.class) {
            return one(UUIDS);
        }
        if (type == PlaceId.class) {
            return new PlaceId(
                    one(List.of("", "a", "b\"", "é", "\u0001", "😀", "\uffee", "7", "[1]")), random.nextInt(3) - 1);
        }
        return oneIn(40)
                ? one(List.of("", "x".repeat(513), "a\0", "\ud800"))
                : one(List.of(
                        "7",
                        "07",
                        "a",
                        "A",
                        " ",
                        "é",
                        "e\u0301",
                        "\"",
                        "~1/",
                        "😀",
                        "\uffee",
                        "x".repeat(512),
                        "__proto__",
                        "\u0001",
                        "(envelope)",
                        "null"));
    }

    /** What a filter may be asked with. */
    Object operand() {
        return switch (random.nextInt(10)) {
            case 0 -> one(DOUBLES);
            case 1 -> one(MOMENTS);
            case 2 -> one(DAYS);
            case 3 -> one(UUIDS);
            case 4 -> random.nextInt(5) - 1;
            case 5 -> random.nextBoolean();
            case 6 ->
                one(List.of(
                        Colour.RED,
                        OffsetDateTime.parse("2026-01-31T12:00:00.000001+02:00"),
                        1.1f,
                        new BigInteger("123456789012345678901234567890"),
                        "2026-01-31T11:00:00+01:00",
                        "\ud800",
                        "a\0"));
            case 7, 8 -> number();
            default -> text();
        };
    }

    /** Any JSON value, written in any way. */
    Json json(int depth) {
        switch (random.nextInt(depth > 2 ? 6 : 9)) {
            case 0:
                return Json.NULL;
            case 1:
                return new Json.Word(String.valueOf(random.nextBoolean()));
            case 2:
                return rawNumber();
            case 3, 4, 5:
                return rawText();
            case 6:
                List<Json> elements = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(json(depth + 1));
                }
                return new Json.Array(elements);
            default:
                List<Json.Member> members = new ArrayList<>();
                for (String key : List.of("x", "é", "a.b", "")) {
                    if (random.nextBoolean()) {
                        members.add(new Json.Member(Json.text(key), json(depth + 1)));
                    }
                }
                return new Json.Obj(members);
        }
    }

    /** JSON that no store may take; not in a typed property. */
    Json refused() {
        return switch (random.nextInt(6)) {
            case 0 -> new Json.Number("9E99999999999");
            case 1 -> new Json.Number("1" + "0".repeat(1_000));
            case 2 -> new Json.Number("1e-1001");
            case 3 -> Json.escaped(one(List.of("a\0", "\ud800", "\udc00\ud800")));
            case 4 ->
                new Json.Obj(List.of(
                        new Json.Member(Json.text("k"), Json.NULL), new Json.Member(Json.escaped("k"), Json.NULL)));
            default -> {
                Json deep = Json.NULL;
                for (int i = 0; i < Records.LIMITS.depth() + 3; i++) {
                    deep = new Json.Array(List.of(deep));
                }
                yield deep;
            }
        };
    }

    Json rawNumber() {
        return new Json.Number(one(List.of(
                "0",
                "-0",
                "-0.0",
                "0e5",
                "1.10",
                "1e2",
                "1E+2",
                "1.0e-3",
                "9007199254740993",
                "1e400",
                "1e-400",
                "123456789012345678901234567890",
                "7",
                "7.000")));
    }

    Json.Text rawText() {
        String text = text();
        return oneIn(4) ? Json.escaped(text) : Json.text(text);
    }

    private static Map<Character.UnicodeScript, List<Integer>> scripts() {
        Map<Character.UnicodeScript, List<Integer>> scripts = new EnumMap<>(Character.UnicodeScript.class);
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (!surrogate && Character.isDefined(c)) {
                List<Integer> some =
                        scripts.computeIfAbsent(Character.UnicodeScript.of(c), script -> new ArrayList<>());
                if (some.size() < 6 || (c % 997 == 0 && some.size() < 20)) {
                    some.add(c);
                }
            }
        }
        return scripts;
    }
}
