package dev.switchover.dualwrite;

import dev.switchover.postgres.ScratchSchema;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;

/** The collections of a rehearsal: the same, but for everything by which they would reach out of it. */
final class ScratchDefinitions {

    private ScratchDefinitions() {}

    static List<CollectionSchema<?, ?>> of(List<CollectionSchema<?, ?>> schemas, ScratchSchema scratch) {
        return schemas.stream()
                .<CollectionSchema<?, ?>>map(schema -> CollectionSchema.of(copy(schema.definition(), scratch)))
                .toList();
    }

    private static <T, ID> CollectionDefinition<T, ID> copy(CollectionDefinition<T, ID> real, ScratchSchema scratch) {
        CollectionDefinition.Builder<T, ID> copy = CollectionDefinition.of(
                        real.name(), real.recordClass(), real.idClass())
                .recordName(real.recordName())
                .idGeneration(real.idGeneration())
                .json(withoutCopies(real.jsonLayout()))
                .table(table(real, scratch))
                .limits(real.limits());
        if (!real.idClass().isRecord()) {
            copy.id(real.idProperties().get(0));
        }
        return copy.build();
    }

    /** Further files may lie anywhere. */
    private static JsonLayout withoutCopies(JsonLayout layout) {
        return new JsonLayout(
                layout.shape(), layout.pointer(), layout.encoding(), layout.format(), layout.file(), List.of());
    }

    /** A name may be qualified, and then reach another schema; a table that is somebody else's has rules of its own to be met. */
    private static TableLayout table(CollectionDefinition<?, ?> real, ScratchSchema scratch) {
        if (real.tableLayout() instanceof TableLayout.Columns columns) {
            return columns.existing()
                    ? columns.existingTable(scratch.copyOf(real.tableName(), real.name()))
                    : columns.table(real.name());
        }
        return new TableLayout.Document(real.name(), real.tableLayout().indexes());
    }
}
