package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CollectionSchemaTest {

    record Expense(
            @Nullable Long id, String category, @Nullable BigDecimal amount) {}

    record Counter(long id, int hits) {}

    record Movie(String title, int year, @Nullable String genre) {}

    record MovieId(String title, int year) {}

    record Tag(@Nullable UUID id, String text) {}

    record Named(@JsonProperty("_id") String key, @Nullable Map<String, Object> more) {}

    private final CollectionSchema<Expense, Long> expenses =
            CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, Long.class)
                    .idGeneration(IdGeneration.SEQUENCE)
                    .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                    .build());

    @Test
    @SuppressWarnings("NullAway") // What a service in another language, or an unchecked one, may do.
    void aNullIsNamed() {
        assertThatThrownBy(() -> expenses.recordId(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("id: null is the id of no record in expenses");
        assertThatThrownBy(() -> expenses.encode(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("record: null cannot be stored in expenses");
    }

    @Test
    void numbersKeepTheirDigits() {
        CheckedRecord checked = expenses.encode(new Expense(7L, "é", new BigDecimal("1.10")));
        assertThat(text(checked.body())).isEqualTo("{\"id\":7,\"category\":\"é\",\"amount\":1.10}");
        assertThat(checked.id()).isEqualTo(new RecordId("7"));
        assertThat(expenses.decode(new RecordId("7"), checked.body()).amount()).isEqualTo(new BigDecimal("1.10"));
        assertThat(text(expenses.encode(new Expense(7L, "", new BigDecimal("1E+2")))
                        .body()))
                .contains("1E+2");
    }

    @Test
    void aPrettyRecordIsIndentedAsDeepAsItLiesInTheFile() {
        CollectionSchema<Expense, Long> nested =
                CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, Long.class)
                        .json(JsonLayout.objectKeyedById().in("/budget/rows"))
                        .build());
        assertThat(text(nested.encode(new Expense(7L, "a", null)).body()))
                .isEqualTo("{\n        \"id\": 7,\n        \"category\": \"a\",\n        \"amount\": null\n      }");
    }

    @Test
    void anIdTheStoreIsToMakeIsLeftOpen() {
        CheckedRecord checked = expenses.encode(new Expense(null, "a", null));
        assertThat(checked.id()).isNull();
        byte[][] around = expenses.aroundId(checked.body());
        assertThat(text(around[0]) + "42" + text(around[1]))
                .isEqualTo("{\"id\":42,\"category\":\"a\",\"amount\":null}");
        assertThat(text(expenses.withId(checked.body(), new RecordId("42")))).contains("{\"id\":42,");
    }

    @Test
    void zeroInAPrimitiveIdPropertyIsNoId() {
        CollectionSchema<Counter, Long> counters =
                CollectionSchema.of(CollectionDefinition.of("counters", Counter.class, Long.class)
                        .idGeneration(IdGeneration.SEQUENCE)
                        .build());
        assertThat(counters.encode(new Counter(0, 1)).id()).isNull();
        assertThat(counters.encode(new Counter(5, 1)).id()).isEqualTo(new RecordId("5"));
        assertThat(counters.check(bytes("{\"id\":0,\"hits\":1}"), null).id()).isEqualTo(new RecordId("0"));
    }

    @Test
    void randomUuidsArePutIn() {
        CollectionSchema<Tag, UUID> tags = CollectionSchema.of(CollectionDefinition.of("tags", Tag.class, UUID.class)
                .idGeneration(IdGeneration.RANDOM_UUID)
                .build());
        CheckedRecord checked = tags.encode(new Tag(null, "a"));
        RecordId id = checked.id();
        assertThat(id).isNotNull();
        assertThat(tags.decode(id, checked.body()).id()).isEqualTo(tags.id(id));
    }

    @Test
    void anIdTheCallerForgotIsRefusedAtItsPlace() {
        CollectionSchema<Named, String> named =
                CollectionSchema.of(CollectionDefinition.of("named", Named.class, String.class)
                        .id("_id")
                        .build());
        InvalidRecordException refused = refusal(() -> named.check(bytes("{\"more\":{}}"), null));
        assertThat(refused.path()).isEqualTo("/_id");
        assertThat(named.check(bytes("{\"more\":{}}"), new RecordId("k")).id()).isEqualTo(new RecordId("k"));
        assertThat(named.decode(new RecordId("k"), bytes("{ \"more\":{}}")).key())
                .isEqualTo("k");
    }

    @Test
    void idsOfOtherTypesAreRefusedWithTheReason() {
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":7.0}"), null)).reason())
                .contains("fraction");
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":7e0}"), null)).reason())
                .contains("exponent");
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":\"7\"}"), null)).reason())
                .contains("not a string");
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":-0}"), null)).path())
                .isEqualTo("/id");
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":9223372036854775808}"), null))
                        .reason())
                .contains("64 bits");
        assertThat(expenses.check(bytes("{\"id\":-9223372036854775808}"), null).id())
                .isEqualTo(new RecordId("-9223372036854775808"));
        assertThat(refusal(() -> expenses.check(bytes("{\"id\":7}"), new RecordId("8")))
                        .reason())
                .contains("differs");
        assertThat(refusal(() -> expenses.parseId("07")).reason()).contains("leading zeros");
    }

    @Test
    void composedIdsAreTheCompactArrayOfTheirParts() {
        CollectionSchema<Movie, MovieId> movies = CollectionSchema.of(
                CollectionDefinition.of("movies", Movie.class, MovieId.class).build());
        MovieId id = new MovieId("Airplane! \"\n\u0001é", 1980);
        CheckedRecord checked = movies.encode(new Movie(id.title(), id.year(), null));
        assertThat(checked.id()).isEqualTo(new RecordId("[\"Airplane! \\\"\\n\\u0001é\",1980]"));
        assertThat(movies.recordId(id)).isEqualTo(checked.id());
        assertThat(movies.id(movies.recordId(id))).isEqualTo(id);
        assertThat(movies.parseId(movies.recordId(id).text())).isEqualTo(checked.id());
        assertThatThrownBy(() -> movies.parseId("[\"a\", 1]")).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> movies.parseId("[\"a\"]")).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> movies.parseId("x")).isInstanceOf(InvalidRecordException.class);
        assertThat(refusal(() -> movies.check(bytes("{\"title\":\"a\"}"), null)).path())
                .isEqualTo("/year");
        assertThat(movies.idType()).isEqualTo(IdType.COMPOSED);
        assertThat(movies.decode(checked.id(), bytes("{\"genre\":\"comedy\"}")))
                .isEqualTo(new Movie(id.title(), id.year(), "comedy"));
    }

    @Test
    void uuidsAreKnownInAnyCase() {
        CollectionSchema<Tag, UUID> tags = CollectionSchema.of(
                CollectionDefinition.of("tags", Tag.class, UUID.class).build());
        CheckedRecord checked =
                tags.check(bytes("{\"id\":\"0000000A-0000-0000-0000-00000000000F\",\"text\":\"\"}"), null);
        assertThat(checked.id()).isEqualTo(new RecordId("0000000a-0000-0000-0000-00000000000f"));
        assertThat(text(checked.body())).contains("0000000A");
        assertThatThrownBy(() -> tags.parseId("1-1-1-1-1")).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void stringIdsAreCheckedForWhatNoStoreCanHold() {
        CollectionSchema<Named, String> named =
                CollectionSchema.of(CollectionDefinition.of("named", Named.class, String.class)
                        .id("_id")
                        .limits(new DocumentLimits(1000, 10, 100, 10, 8))
                        .build());
        assertThat(refusal(() -> named.recordId("")).reason()).contains("empty");
        assertThat(refusal(() -> named.recordId("a\0")).reason()).contains("NUL");
        assertThat(refusal(() -> named.recordId("a\ud800")).reason()).contains("surrogate");
        assertThat(refusal(() -> named.recordId("ééééé")).reason()).contains("8 bytes");
        assertThat(named.recordId("éééé").text()).isEqualTo("éééé");
    }

    @Test
    void errorsNameCollectionIdAndPlaceButNeverTheValue() {
        InvalidRecordException refused =
                refusal(() -> expenses.check(bytes("{\"id\":7,\"category\":\"secret\\u0000\"}"), null));
        assertThat(refused)
                .hasMessageContainingAll("expenses", "7", "/category")
                .hasMessageNotContaining("secret");
        assertThat(refused.id()).isEqualTo("7");
        InvalidRecordException unfit = refusal(
                () -> expenses.decode(new RecordId("7"), bytes("{\"id\":7,\"category\":\"a\",\"amount\":\"secret\"}")));
        assertThat(unfit.path()).isEqualTo("/amount");
        assertThat(unfit).hasMessageNotContaining("secret");
    }

    @Test
    void loneSurrogatesAndNulInObjectsAreRefusedAtTheirPlace() {
        assertThat(refusal(() -> expenses.encode(new Expense(7L, "a\0", null))).path())
                .isEqualTo("/category");
        InvalidRecordException lone = refusal(() -> expenses.encode(new Expense(7L, "a\ud800b", null)));
        assertThat(lone.path()).isEqualTo("/category");
        assertThat(lone.reason()).contains("surrogate");
        assertThat(refusal(() -> expenses.encode(new Expense(7L, "x\ud800", null)))
                        .path())
                .isEqualTo("/category");
        assertThat(refusal(() -> expenses.encode(new Expense(7L, "\udc00x", null)))
                        .path())
                .isEqualTo("/category");
    }

    @Test
    void mapsAndTreesAreRecordsToo() {
        @SuppressWarnings({"rawtypes"})
        CollectionSchema<Map, Long> maps = CollectionSchema.of(
                CollectionDefinition.of("maps", Map.class, Long.class).build());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", 7);
        map.put("n", new BigDecimal("-0.00"));
        assertThat(maps.decode(new RecordId("7"), maps.encode(map).body())).isEqualTo(map);
        CollectionSchema<JsonNode, Long> trees =
                CollectionSchema.of(CollectionDefinition.of("trees", JsonNode.class, Long.class)
                        .json(JsonLayout.array().format(JsonLayout.Format.COMPACT))
                        .build());
        String exact = "{\"z\":1.10,\"id\":7,\"a\":[123456789012345678901234567890,9007199254740993]}";
        JsonNode tree = trees.decode(new RecordId("7"), bytes(exact));
        assertThat(text(trees.encode(tree).body())).isEqualTo(exact);
    }

    @Test
    void anUpdateKeepsWhatTheClassDoesNotKnow() {
        byte[] stored = bytes("{\"x\":1e2,\"id\":7,\"category\":\"a\",\"amount\":1.10}");
        byte[] changed =
                expenses.encode(new Expense(7L, "b", new BigDecimal("1.10"))).body();
        assertThat(text(expenses.merge(stored, changed)))
                .isEqualTo("{\"x\":1e2,\"id\":7,\"category\":\"b\",\"amount\":1.10}");
    }

    @Test
    void anUpdateBringsNoIdIntoABodyThatLiesUnderItsKey() {
        CollectionSchema<Expense, Long> keyed =
                CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, Long.class)
                        .json(JsonLayout.objectKeyedById())
                        .build());
        byte[] changed = keyed.encode(new Expense(7L, "b", null)).body();
        assertThat(text(keyed.merge(bytes("{\"category\":\"a\"}"), changed))).isEqualTo("{\"category\":\"b\"}");
    }

    @Test
    void anEnvelopeHasAnEmptyContainerOfTheRightShape() {
        CollectionSchema<Expense, Long> nested =
                CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, Long.class)
                        .json(JsonLayout.array().in("/a/rows"))
                        .build());
        byte[] envelope = bytes("{\"v\":1.10,\"a\":{\"rows\":[ ]}}");
        assertThat(text(nested.checkEnvelope(envelope))).isEqualTo("{\"v\":1.10,\"a\":{\"rows\":[]}}");
        for (String wrong : List.of("{}", "{\"a\":{\"rows\":{}}}", "{\"a\":{\"rows\":[1]}}", "{\"a\":[]}", "[")) {
            assertThatThrownBy(() -> nested.checkEnvelope(bytes(wrong))).isInstanceOf(InvalidRecordException.class);
        }
    }

    private static InvalidRecordException refusal(ThrowingCallable call) {
        return catchThrowableOfType(InvalidRecordException.class, call);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
