package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.List;
import java.util.Map;

/**
 * What a database has of the tables some collections need, looked at without creating or changing anything.
 *
 * @param own what is missing of the library's own tables; empty if they are there
 */
public record SchemaLook(List<String> own, Map<CollectionSchema<?, ?>, Table> tables) {

    public SchemaLook {
        own = List.copyOf(own);
        tables = Map.copyOf(tables);
    }

    /**
     * The table of one collection's records.
     *
     * @param name quoted
     * @param problems what no statement of the library can mend
     * @param missing the statements that mend the rest
     */
    public record Table(String name, boolean exists, List<String> problems, List<String> missing) {

        public Table {
            problems = List.copyOf(problems);
            missing = List.copyOf(missing);
        }
    }

    /** @throws IllegalArgumentException if the store was not opened with the collection */
    public Table table(CollectionSchema<?, ?> schema) {
        Table table = tables.get(schema);
        if (table == null) {
            throw new IllegalArgumentException("The store was not opened with " + schema.name());
        }
        return table;
    }
}
