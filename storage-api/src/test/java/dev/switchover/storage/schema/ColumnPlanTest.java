package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.ColumnMappingTest.Everything;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnPlanTest {

    @Test
    void flattenedPropertiesHaveColumnsOfTheirOwnAndComeBackNested() {
        CollectionSchema<Everything, Long> flat = schema(
                TableLayout.columns().flatten("stats").flatten("stats.inner").column("stats.inner.value", "v"));
        ColumnMapping mapping = columns(flat);
        assertThat(mapping.column("stats.totalMatches").name()).isEqualTo("stats_total_matches");
        assertThat(mapping.column("stats.inner.value").name()).isEqualTo("v");
        assertThat(mapping.column("stats")).isNull();
        for (String stats : List.of(
                "null",
                "{\"totalMatches\":3,\"inner\":null}",
                "{\"totalMatches\":3,\"inner\":{\"value\":null}}",
                "{\"totalMatches\":null,\"inner\":{\"value\":\"x\",\"unknown\":1e2}}",
                "{\"totalMatches\":null,\"inner\":null,\"unknown\":null}")) {
            String[] row = mapping.toRow(bytes("{\"id\":7,\"z\":[1],\"stats\":" + stats + "}"));
            String back = text(mapping.fromRow(row));
            assertThat(back).contains("\"stats\":" + stats).contains("\"z\":[1]");
            assertThat(mapping.toRow(bytes(back))).isEqualTo(row);
        }
        assertThatThrownBy(() -> mapping.toRow(bytes("{\"id\":7,\"stats\":[]}")))
                .isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void clashesAreReported() {
        record Clash(
                long id,
                String fooBar,
                @JsonProperty("foo_bar") String other,
                String switchoverVersion) {}
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> CollectionSchema.of(CollectionDefinition.of("clash", Clash.class, Long.class)
                        .table(TableLayout.columns())
                        .build()));
        assertThat(refused.problems()).hasSize(2);
        assertThat(refused).hasMessageContainingAll("foo_bar", "switchover_version");
    }

    @Test
    void aKeyedRecordGetsItsIdWhenItGoesIntoARow() {
        CheckedRecord checked = schema(TableLayout.columns()).check(bytes("{ \"name\":\"a\"}"), new RecordId("7"));
        assertThat(text(checked.body())).isEqualTo("{ \"id\":7, \"name\":\"a\"}");
    }

    @Test
    void anIdTheStoreMakesIsLeftOpenInColumnsToo() {
        CollectionSchema<Everything, Long> sequence =
                CollectionSchema.of(CollectionDefinition.of("everything", Everything.class, Long.class)
                        .idGeneration(IdGeneration.SEQUENCE)
                        .table(TableLayout.columns())
                        .build());
        CheckedRecord checked = sequence.encode(new Everything(
                0, 1, null, null, null, null, null, "b", null, null, null, null, null, null, null, null, null, null));
        assertThat(checked.id()).isNull();
        byte[][] around = sequence.aroundId(checked.body());
        assertThat(text(around[0]) + 5 + text(around[1]))
                .isEqualTo(text(sequence.withId(checked.body(), new RecordId("5"))));
    }

    private static CollectionSchema<Everything, Long> schema(TableLayout layout) {
        return ColumnMappingTest.schema(layout);
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
