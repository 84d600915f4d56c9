package dev.switchover.storage.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchemaTest.Expense;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaCompilerTest {

    @Test
    void everyProblemOfADefinitionIsReportedAtOnce() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> CollectionSchema.of(CollectionDefinition.of("expenses", Expense.class, String.class)
                        .id("key")
                        .table(TableLayout.columns()
                                .table("a.b.c")
                                .flatten("stats")
                                .column("category", "switchover_x")
                                .column("amount", "x".repeat(64))
                                .index("nothing"))
                        .build()));
        assertThat(refused.problems()).hasSize(6);
        assertThat(catchThrowableOfType(
                                ConfigurationException.class,
                                () -> CollectionSchema.of(
                                        CollectionDefinition.of("expenses", Expense.class, String.class)
                                                .build()))
                        .problems())
                .singleElement()
                .asString()
                .contains("the id property \"id\" is Long, but ids are a string");
        assertThatThrownBy(() -> CollectionSchema.of(CollectionDefinition.of("maps", Map.class, Long.class)
                        .table(TableLayout.columns())
                        .build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no properties to make columns of");
        assertThatThrownBy(() -> CollectionSchema.of(CollectionDefinition.of("strings", String.class, Long.class)
                        .build()))
                .isInstanceOf(ConfigurationException.class);
    }
}
