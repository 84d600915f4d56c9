package dev.switchover.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a collection's records lie in its table. Immutable; each method returns a changed copy. */
public sealed interface TableLayout {

    /** The table's name, or null for the collection's. May be qualified by a schema. */
    @Nullable
    String table();

    /** Property paths with an index, each a list of one or more. */
    List<List<String>> indexes();

    static Document document() {
        return new Document(null, List.of());
    }

    static Columns columns() {
        return new Columns(null, List.of(), Map.of(), List.of(), List.of(), false);
    }

    /** The record's JSON text, exactly, in one column. */
    record Document(@Nullable String table, List<List<String>> indexes) implements TableLayout {
        public Document {
            indexes = List.copyOf(indexes);
        }

        public Document table(String name) {
            return new Document(name, indexes);
        }

        /** An index over these properties, in this order. */
        public Document index(String... properties) {
            return new Document(table, plus(indexes, List.of(properties)));
        }
    }

    /**
     * Each property of the record class in a column of its own: {@code LocalDate} in {@code date}, {@code BigDecimal} in
     * {@code numeric}, {@code Instant} in {@code timestamptz}, nested values in {@code json}, which keeps their text.
     * Properties the class does not know go, as they are, to a column of their own, so that nothing is lost. Null and absent
     * are one: null is written.
     *
     * @param flattened object properties whose members become columns: {@code stats.total} in {@code stats_total}
     * @param columnNames column names by property path, where they differ from the property in snake case
     * @param required paths of properties that are never null
     * @param existing whether the table is somebody else's
     */
    record Columns(
            @Nullable String table,
            List<List<String>> indexes,
            Map<String, String> columnNames,
            List<String> flattened,
            List<String> required,
            boolean existing)
            implements TableLayout {
        public Columns {
            indexes = List.copyOf(indexes);
            columnNames = Map.copyOf(columnNames);
            flattened = List.copyOf(flattened);
            required = List.copyOf(required);
        }

        public Columns table(String name) {
            return new Columns(name, indexes, columnNames, flattened, required, existing);
        }

        /**
         * A table that is there already and is not ours: it is checked and never altered, its other columns are left as they
         * are, and versions, order and properties without a column lie in a table beside it, {@code
         * switchover_side_<collection>}. What does not fit is found at start. Indexes are declared to be checked, not to be
         * created. Ids of several properties need a table of our own.
         *
         * @param name may be qualified by a schema
         */
        public Columns existingTable(String name) {
            return new Columns(name, indexes, columnNames, flattened, required, true);
        }

        /** An index over these properties, in this order. */
        public Columns index(String... properties) {
            return new Columns(table, plus(indexes, List.of(properties)), columnNames, flattened, required, existing);
        }

        public Columns column(String property, String column) {
            Map<String, String> names = new TreeMap<>(columnNames);
            names.put(property, column);
            return new Columns(table, indexes, names, flattened, required, existing);
        }

        public Columns flatten(String property) {
            return new Columns(table, indexes, columnNames, plus(flattened, property), required, existing);
        }

        /**
         * Properties that are never null nor absent, for columns that are {@code NOT NULL}: a record without them is refused in
         * every phase, not only by the database.
         */
        public Columns required(String... properties) {
            List<String> all = new ArrayList<>(required);
            all.addAll(List.of(properties));
            return new Columns(table, indexes, columnNames, flattened, all, existing);
        }
    }

    private static <E> List<E> plus(List<E> list, E element) {
        List<E> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}
