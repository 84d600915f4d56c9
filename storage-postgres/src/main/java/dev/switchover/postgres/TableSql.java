package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import java.util.ArrayList;
import java.util.List;

/** The SQL that creates a collection's sequences, table and indexes. Each statement can be run again. */
final class TableSql {

    /**
     * Rows above 2 kB are compressed otherwise, and those above 8 kB go elsewhere in both cases: a text of 2 kB is written in three
     * quarters of the time. Compare "TOAST" in the manual of PostgreSQL.
     */
    private static final String IN_ONE_PIECE = " WITH (toast_tuple_target = 8160)";

    private TableSql() {}

    static List<String> create(CollectionSchema<?, ?> schema, Names names) {
        RecordTable table = RecordTable.of(schema, names);
        List<String> sql = new ArrayList<>(sequences(schema, names));
        if (table.side() != null) {
            sql.add(beside(table, ""));
            return sql;
        }
        List<String> columns = new ArrayList<>();
        columns.add(table.idColumn() + " " + table.idType() + collation(table.idType()) + " PRIMARY KEY");
        for (RecordTable.Value value : table.values()) {
            columns.add(column(value) + (table.document() ? " NOT NULL" : ""));
        }
        columns.add(bookkeeping(RecordTable.VERSION, schema, names));
        columns.add(bookkeeping(RecordTable.ORDER, schema, names));
        sql.add("CREATE TABLE IF NOT EXISTS " + table.name() + " (\n    " + String.join(",\n    ", columns) + "\n)"
                + (table.document() ? IN_ONE_PIECE : ""));
        sql.addAll(indexes(schema, names));
        return sql;
    }

    /**
     * No key refers to the other table: it would lock and refuse there what is not ours to refuse.
     *
     * @param idCollation that of the other table's id, or empty for the default: their indexes can then be used for both
     */
    static String beside(RecordTable table, String idCollation) {
        RecordTable.Value rest = table.values().get(table.values().size() - 1);
        return "CREATE TABLE IF NOT EXISTS " + table.side() + " (\n    " + RecordTable.SIDE_ID + " " + table.idType()
                + idCollation + " PRIMARY KEY,\n    " + rest.name() + " " + rest.type() + ",\n    "
                + RecordTable.VERSION + " bigint NOT NULL,\n    " + RecordTable.ORDER + " bigint NOT NULL,\n    "
                + FoundRows.SEEN + " bigint\n)";
    }

    static List<String> sequences(CollectionSchema<?, ?> schema, Names names) {
        List<String> sql = new ArrayList<>();
        sql.add("CREATE SEQUENCE IF NOT EXISTS " + names.versionSequence(schema.name()));
        if (Counters.issuesIds(schema)) {
            sql.add("CREATE SEQUENCE IF NOT EXISTS " + names.idSequence(schema.name()));
        }
        return sql;
    }

    static List<String> indexes(CollectionSchema<?, ?> schema, Names names) {
        RecordTable table = RecordTable.of(schema, names);
        List<String> sql = new ArrayList<>();
        // Not unique: in a mirror that is being repaired two records may have one place for a while.
        sql.add("CREATE INDEX IF NOT EXISTS " + indexName(schema, "order") + " ON " + table.name() + " ("
                + RecordTable.ORDER + ")");
        for (List<String> properties : schema.definition().tableLayout().indexes()) {
            List<String> expressions = new ArrayList<>();
            for (String property : properties) {
                expressions.add("(" + PropertySql.of(table, names, property, "").indexed(schema.kind(property)) + ")");
            }
            // The order comes last, as in every sort.
            String list = String.join(", ", expressions) + ", " + RecordTable.ORDER;
            sql.add("CREATE INDEX IF NOT EXISTS " + indexName(schema, Integer.toHexString(list.hashCode())) + " ON "
                    + table.name() + " (" + list + ")");
        }
        schema.definition().tableLayout().indexes().stream()
                .flatMap(List::stream)
                .distinct()
                .forEach(property -> odd(schema, names, property, sql));
        return sql;
    }

    /** Of what stands under a property of documents and is not of the kind declared: usually nothing, and found at once. */
    private static void odd(CollectionSchema<?, ?> schema, Names names, String property, List<String> sql) {
        RecordTable table = RecordTable.of(schema, names);
        PropertySql expressions = PropertySql.of(table, names, property, "");
        if (!table.document() || expressions.shape() != PropertySql.Shape.JSON) {
            return;
        }
        String odd = DocumentSplitSql.odd(expressions, schema.kind(property));
        sql.add("CREATE INDEX IF NOT EXISTS " + indexName(schema, Integer.toHexString(odd.hashCode())) + " ON "
                + table.name() + " (" + RecordTable.ORDER + ") WHERE " + odd);
    }

    static String column(RecordTable.Value value) {
        return value.name() + " " + value.type() + collation(value.type());
    }

    static String bookkeeping(String name, CollectionSchema<?, ?> schema, Names names) {
        return name + " bigint NOT NULL DEFAULT nextval(" + new Counters(names).versions(schema) + ")";
    }

    /** Strings compare by code point, whatever the database's collation. */
    static String collation(String type) {
        return type.equals("text") ? " COLLATE \"C\"" : "";
    }

    /** Indexes are named by collection, which is at most 40 characters, so that no name is cut. */
    private static String indexName(CollectionSchema<?, ?> schema, String what) {
        return Names.quote("switchover_" + schema.name() + "_" + what);
    }
}
