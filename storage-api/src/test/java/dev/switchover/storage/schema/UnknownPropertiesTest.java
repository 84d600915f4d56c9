package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnknownPropertiesTest {

    record Part(String name) {}

    record Thing(
            String id,
            @JsonAlias("old_part") @Nullable Part part,
            @Nullable List<Part> parts,
            @Nullable Map<String, Part> byName,
            @Nullable JsonNode tree) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Careless(String id) {}

    static final class Bean {
        public @Nullable String id;
        public @Nullable Part part;
    }

    static final class Collecting {
        public @Nullable String id;

        @JsonAnySetter
        public Map<String, Object> more = new LinkedHashMap<>();
    }

    @Test
    void eachIsNamedByItsPlaceHoweverDeep() {
        assertThat(unknown(Thing.class, """
                        {"x": 1, "id": "a", "part": {"name": "n", "y/z": {"deep": [1]}}, "parts": [{"name": "m"},
                         {"u": [], "name": "o"}], "byName": {"k": {"name": "p", "v": null}}, "tree": {"any": 1}, "w": {"a": 2}}
                        """))
                .containsExactlyInAnyOrder("/x", "/part/y~1z", "/parts/1/u", "/byName/k/v", "/w");
        assertThat(unknown(Bean.class, "{\"part\":{\"more\":1,\"name\":\"n\"},\"more\":{\"b\":1},\"id\":\"a\"}"))
                .containsExactlyInAnyOrder("/part/more", "/more");
    }

    @Test
    void aClassThatIgnoresWhatItDoesNotKnowDoesNotHideIt() {
        assertThat(unknown(Careless.class, "{\"id\":\"a\",\"more\":1}")).containsExactly("/more");
    }

    @Test
    void whatTheClassKnowsByOtherMeansIsKnown() {
        assertThat(unknown(Thing.class, "{\"id\":\"a\",\"old_part\":{\"name\":\"n\"}}"))
                .isEmpty();
        assertThat(unknown(Collecting.class, "{\"id\":\"a\",\"any\":1}")).isEmpty();
    }

    @Test
    void anIdThatLiesBesideTheBodyIsPutIn() {
        CollectionSchema<Thing, String> keyed =
                CollectionSchema.of(CollectionDefinition.of("things", Thing.class, String.class)
                        .json(JsonLayout.objectKeyedById())
                        .build());
        assertThat(keyed.unknownProperties(new RecordId("a"), bytes("{\"part\":null,\"x\":1}")))
                .containsExactly("/x");
    }

    @Test
    void aTextThatDoesNotFitTheClassIsRefusedAtItsPlace() {
        InvalidRecordException refused = catchThrowableOfType(
                InvalidRecordException.class, () -> unknown(Thing.class, "{\"id\":\"a\",\"part\":{\"name\":[]}}"));
        assertThat(refused.path()).isEqualTo("/part/name");
        assertThat(refused.id()).isEqualTo("a");
    }

    private static List<String> unknown(Class<?> type, String text) {
        return CollectionSchema.of(
                        CollectionDefinition.of("things", type, String.class).build())
                .unknownProperties(new RecordId("a"), bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
