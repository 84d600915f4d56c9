package dev.switchover.postgres;

import dev.switchover.storage.TableLayout;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.ColumnMapping.Column;
import dev.switchover.storage.schema.ColumnType;
import dev.switchover.storage.schema.IdType;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table that holds records, in the shape its layout gives it: an id, the record itself in one column or in many, version
 * and order. A table that is not ours has the id and the columns only; the rest is in a table beside it, and a row that somebody
 * else put there has nothing in that one until it is taken in. Immutable and thread-safe.
 */
final class RecordTable {

    static final String VERSION = "switchover_version";
    static final String ORDER = "switchover_order";

    /** The id in the table beside another one. */
    static final String SIDE_ID = "id";

    /**
     * A column that holds a part of the record.
     *
     * @param name quoted
     * @param type in SQL
     * @param select SQL that gives the value as the mapping expects it; {@code %s} stands for the quoted, qualified name
     */
    record Value(String name, String type, String select) {}

    private final CollectionSchema<?, ?> schema;
    private final String name;
    private final String id;
    private final String idType;
    private final boolean envelope;
    private final List<Value> values;
    private final @Nullable ColumnMapping mapping;
    /** Where the id is in a row of the mapping, or -1. */
    private final int idInRow;
    /** The table beside one that is not ours, quoted and qualified. */
    private final @Nullable String side;

    private RecordTable(
            CollectionSchema<?, ?> schema,
            String name,
            String id,
            String idType,
            boolean envelope,
            List<Value> values,
            @Nullable ColumnMapping mapping,
            int idInRow,
            @Nullable String side) {
        this.schema = schema;
        this.name = name;
        this.id = id;
        this.idType = idType;
        this.envelope = envelope;
        this.values = List.copyOf(values);
        this.mapping = mapping;
        this.idInRow = idInRow;
        this.side = side;
    }

    /** The table of a collection's records. */
    static RecordTable of(CollectionSchema<?, ?> schema, Names names) {
        String name = names.table(schema.definition().tableName());
        String type = idType(schema.idType());
        ColumnMapping mapping = schema.columns().orElse(null);
        if (mapping == null) {
            Value body = new Value("\"body\"", "json", "%s");
            return new RecordTable(schema, name, "\"id\"", type, false, List.of(body), null, -1, null);
        }
        int idInRow = -1;
        String id = "\"switchover_id\"";
        List<Value> values = new ArrayList<>();
        List<Column> columns = mapping.columns();
        boolean composed = schema.idType() == IdType.COMPOSED;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.partOfId() && !composed) {
                id = Names.quote(column.name());
                idInRow = i;
            } else {
                values.add(new Value(Names.quote(column.name()), sqlType(column.type()), select(column.type())));
            }
        }
        values.add(new Value(Names.quote(mapping.restColumn()), "json", "%s"));
        String side = schema.definition().tableLayout() instanceof TableLayout.Columns layout && layout.existing()
                ? names.side(schema.name())
                : null;
        return new RecordTable(schema, name, id, type, false, values, mapping, idInRow, side);
    }

    /** The table of all envelopes, of which a collection has one row under its name. */
    static RecordTable envelopeOf(CollectionSchema<?, ?> schema, Names names) {
        Value body = new Value("\"body\"", "json", "%s");
        return new RecordTable(schema, names.envelope(), "\"collection\"", "text", true, List.of(body), null, -1, null);
    }

    private static String idType(IdType type) {
        return switch (type) {
            case LONG -> "bigint";
            case STRING, COMPOSED -> "text";
            case UUID -> "uuid";
        };
    }

    static String sqlType(ColumnType type) {
        return type.sql();
    }

    /**
     * As text the server rounds nothing; the driver sets DateStyle to ISO on every connection. Moments are asked for in UTC: elsewhere
     * the last hours of the year 9999 are in a year of five digits, and the first of the year 1 are before Christ.
     */
    private static String select(ColumnType type) {
        return switch (type) {
            case JSON -> "%s";
            case TIMESTAMP -> "(%s AT TIME ZONE 'UTC')::text";
            default -> "%s::text";
        };
    }

    CollectionSchema<?, ?> schema() {
        return schema;
    }

    /** Quoted and qualified. */
    String name() {
        return name;
    }

    /** Quoted. */
    String idColumn() {
        return id;
    }

    /** The id's type in SQL. */
    String idType() {
        return idType;
    }

    boolean textId() {
        return idType.equals("text");
    }

    boolean numericId() {
        return idType.equals("bigint");
    }

    boolean envelope() {
        return envelope;
    }

    /** Whether the record's text lies in one column. */
    boolean document() {
        return mapping == null;
    }

    /** The values of a record; of a table that is not ours the last of them lies beside it. */
    List<Value> values() {
        return values;
    }

    /** Those that lie in this table. */
    List<Value> ownValues() {
        return side == null ? values : values.subList(0, values.size() - 1);
    }

    /** The table beside one that is not ours, or null. */
    @Nullable
    String side() {
        return side;
    }

    /** The table that every write of ours goes to and no one else's: its locks are waited for and taken. */
    String locked() {
        return side == null ? name : side;
    }

    /** What to read from: all columns under one alias. */
    String source(String alias) {
        return side == null ? name + " " + alias : FoundRows.joined(this, side, alias);
    }

    @Nullable
    ColumnMapping mapping() {
        return mapping;
    }

    /** Whether the property is one column of one kind, the id included. */
    boolean orderedByColumn(String property) {
        if (mapping == null) {
            return false;
        }
        Column column = mapping.column(property);
        return column != null && column.type() != ColumnType.JSON && !(column.partOfId() && idInRow < 0);
    }

    /** Quoted names of the columns that hold the record, without the id. */
    String valueNames() {
        return values.stream().map(Value::name).collect(Collectors.joining(", "));
    }

    /** What {@link #read} reads, from a table or alias. */
    String selected(String alias) {
        return alias + "." + id + "::text, " + alias + "." + VERSION + ", " + alias + "." + ORDER + ", "
                + values.stream()
                        .map(value -> value.select().replace("%s", alias + "." + value.name()))
                        .collect(Collectors.joining(", "));
    }

    /** The record of a row whose {@link #selected} columns begin at {@code from}; null if there is none (outer join). */
    @Nullable
    RawRecord read(ResultSet row, int from) throws SQLException {
        String text = row.getString(from);
        if (text == null) {
            return null;
        }
        RecordId recordId = envelope ? RecordId.ENVELOPE : new RecordId(text);
        long order = envelope ? 0 : row.getLong(from + 2);
        return new RawRecord(recordId, row.getLong(from + 1), order, body(row, from + 3, text));
    }

    private byte[] body(ResultSet row, int from, String idText) throws SQLException {
        if (mapping == null) {
            return row.getBytes(from);
        }
        @Nullable String[] texts = new String[values.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = row.getString(from + i);
        }
        return body(mapping, texts, idText);
    }

    /** The record that these texts of {@link #values()} make. */
    byte[] body(ColumnMapping columns, @Nullable String[] texts, String idText) {
        if (idInRow < 0) {
            return columns.fromRow(texts);
        }
        @Nullable String[] cells = new String[texts.length + 1];
        System.arraycopy(texts, 0, cells, 0, idInRow);
        cells[idInRow] = idText;
        System.arraycopy(texts, idInRow, cells, idInRow + 1, texts.length - idInRow);
        return columns.fromRow(cells);
    }

    /** The id as a parameter of this table. */
    String idParameter(RecordId recordId) {
        return envelope ? schema.name() : recordId.text();
    }

    /** The values of {@link #values()}, for parameters that are cast to their types. */
    @Nullable
    String[] parameters(byte[] body) {
        return mapping == null
                ? new String[] {new String(body, StandardCharsets.UTF_8)}
                : withoutId(mapping.toRow(body));
    }

    private @Nullable String[] withoutId(@Nullable String[] row) {
        if (idInRow < 0) {
            return row;
        }
        @Nullable String[] cells = new String[row.length - 1];
        System.arraycopy(row, 0, cells, 0, idInRow);
        System.arraycopy(row, idInRow + 1, cells, idInRow, cells.length - idInRow);
        return cells;
    }

    /**
     * @param parameters as of {@link #parameters}
     * @param body what is stored of a body: itself, or what its columns give back
     */
    record Stored(@Nullable String[] parameters, byte[] body) {}

    Stored stored(byte[] body, RecordId recordId) {
        if (mapping == null) {
            return new Stored(parameters(body), body);
        }
        @Nullable String[] row = mapping.toRow(body);
        @Nullable String[] parameters = withoutId(row);
        if (idInRow >= 0) {
            row[idInRow] = recordId.text();
        }
        return new Stored(parameters, mapping.fromRow(row));
    }
}
