package dev.switchover.storage.schema;

import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.MalformedJsonException;
import dev.switchover.storage.document.StrictJson;
import dev.switchover.storage.document.TextStyle;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as a row of typed columns, both ways. Every value travels as text, which the statement casts to the column's
 * type, so that no driver rounds it. Immutable and thread-safe.
 *
 * <p>A row has what the record class sees: {@code 1.10} keeps its zero in {@code numeric}, but white space, the order of
 * declared properties, escapes, {@code null} instead of absent and {@code 1.10} for {@code 1.1} in {@code double precision} are
 * no difference. What the class would see otherwise afterwards is refused: an integer with a fraction or exponent, a number
 * like {@code 1e2} in {@code numeric} (it comes back with another scale), more digits than a {@code double} has, a moment finer
 * than a microsecond, an {@code OffsetDateTime} with another offset than UTC, years outside 1 to 9999.
 */
public final class ColumnMapping {

    /** Where properties the class does not know are kept. */
    static final String REST = "switchover_rest";

    /**
     * One column.
     *
     * @param name as in the table, unquoted
     * @param property path of the property, dotted
     */
    public record Column(String name, String property, ColumnType type, boolean partOfId) {}

    /** A property in a column, or one that is flattened, with properties of its own. */
    sealed interface Slot {}

    record Leaf(int index, Column column, ColumnText text, boolean required) implements Slot {}

    record Group(Map<String, Slot> slots) implements Slot {}

    private final String collection;
    private final Group root;
    private final List<Column> columns;
    private final Map<String, Column> byProperty = new LinkedHashMap<>();
    private final Set<String> required;
    private final DocumentLimits limits;
    private final TextStyle style;

    ColumnMapping(
            String collection,
            Group root,
            List<Column> columns,
            Collection<String> required,
            DocumentLimits limits,
            TextStyle style) {
        this.required = Set.copyOf(required);
        this.collection = collection;
        this.root = root;
        this.columns = List.copyOf(columns);
        this.limits = limits;
        this.style = style;
        columns.forEach(column -> byProperty.put(column.property(), column));
    }

    /** The declared columns, in the order of the record class. The column for unknown properties is not among them. */
    public List<Column> columns() {
        return columns;
    }

    /** The column, of type {@code json}, for the properties the class does not know; null in it where there are none. */
    public String restColumn() {
        return REST;
    }

    /** Whether the property of this column is never null. */
    public boolean required(Column column) {
        return required.contains(column.property());
    }

    /** The column a property is in, or null. */
    public @Nullable Column column(String property) {
        return byProperty.get(property);
    }

    /**
     * The values of {@link #columns()}, in order, and last that of {@link #restColumn()}. Null for null and absent. Dates and
     * timestamps in ISO 8601 (timestamps in UTC), numbers in plain digits, nested values as compact JSON.
     *
     * @throws dev.switchover.storage.InvalidRecordException if a value would not come out of its column as it went in
     */
    public @Nullable String[] toRow(byte[] body) {
        return toRow(JsonValue.of(body), null, false);
    }

    /** @param lenient whether to write out an exponent of a {@code numeric} instead of refusing it */
    @Nullable
    String[] toRow(JsonValue record, @Nullable String id, boolean lenient) {
        @Nullable String[] row = new String[columns.size() + 1];
        row[columns.size()] = fill(row, record, root, "", id, lenient);
        complete(row, root, id);
        return row;
    }

    private void complete(@Nullable String[] row, Group group, @Nullable String id) {
        for (Slot slot : group.slots.values()) {
            if (slot instanceof Group inner) {
                complete(row, inner, id);
            } else if (slot instanceof Leaf leaf
                    && leaf.required
                    && !leaf.column.partOfId()
                    && row[leaf.index] == null) {
                throw new InvalidRecordException(
                        collection,
                        id,
                        JsonPointers.ofPath(leaf.column.property()),
                        "must not be null: it is declared as required");
            }
        }
    }

    /** @return the JSON object of what has no column, or null */
    private @Nullable String fill(
            @Nullable String[] row,
            JsonValue object,
            Group group,
            String pointer,
            @Nullable String id,
            boolean lenient) {
        Map<String, String> groups = new LinkedHashMap<>();
        StringBuilder unknown = new StringBuilder();
        for (JsonValue.Member member : object.members()) {
            String name = member.name();
            JsonValue value = member.value();
            Slot slot = group.slots.get(name);
            if (slot == null) {
                unknown.append(',').append(member.key().raw()).append(':').append(compact(value));
            } else if (!value.isNull()) {
                String place = pointer + "/" + JsonPointers.escape(name);
                if (slot instanceof Leaf leaf) {
                    try {
                        row[leaf.index] = leaf.text.toColumn(value, lenient);
                    } catch (ColumnText.Unfit e) {
                        throw new InvalidRecordException(collection, id, place, e.reason());
                    }
                } else if (slot instanceof Group inner) {
                    if (value.kind() != JsonValue.Kind.OBJECT) {
                        throw new InvalidRecordException(
                                collection, id, place, "must be an object, for it is flattened");
                    }
                    String rest = fill(row, value, inner, place, id, lenient);
                    if (rest != null || empty(row, inner)) {
                        groups.put(name, rest == null ? "{}" : rest);
                    }
                }
            }
        }
        return rest(group, groups, unknown);
    }

    // Flattened ones first and in declared order, so that the same content always makes the same text.
    private static @Nullable String rest(Group group, Map<String, String> groups, StringBuilder unknown) {
        StringBuilder rest = new StringBuilder();
        for (String name : group.slots.keySet()) {
            String inner = groups.get(name);
            if (inner != null) {
                rest.append(',').append(IdText.quote(name)).append(':').append(inner);
            }
        }
        rest.append(unknown);
        return rest.isEmpty() ? null : rest.replace(0, 1, "{").append('}').toString();
    }

    private static boolean empty(@Nullable String[] row, Group group) {
        for (Slot slot : group.slots.values()) {
            if (slot instanceof Leaf leaf
                    ? row[leaf.index] != null
                    : slot instanceof Group inner && !empty(row, inner)) {
                return false;
            }
        }
        return true;
    }

    static String compact(JsonValue value) {
        return new String(TextStyle.COMPACT.lay(value.bytes()), StandardCharsets.UTF_8);
    }

    /**
     * The record of a row: every declared property, null where the column is, then the rest; in the collection's JSON layout.
     *
     * @param row the columns as PostgreSQL casts them to text, in any session time zone
     * @throws dev.switchover.storage.InvalidRecordException if somebody put something there that no record can hold, as {@code
     *     infinity}
     */
    public byte[] fromRow(@Nullable String[] row) {
        StringBuilder json = new StringBuilder();
        String rest = row[columns.size()];
        boolean nested = rest != null;
        for (Column column : columns) {
            nested |= column.type() == ColumnType.JSON;
        }
        write(json, row, root, rest == null ? null : JsonValue.of(rest.getBytes(StandardCharsets.UTF_8)));
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        if (nested) {
            // The type json takes duplicate keys, NUL and lone surrogates, if somebody writes them by hand.
            try {
                StrictJson.check(text, limits);
            } catch (MalformedJsonException e) {
                throw new InvalidRecordException(collection, null, e.pointer(), e.reason());
            }
        }
        return style.lay(text);
    }

    private void write(StringBuilder json, @Nullable String[] row, Group group, @Nullable JsonValue rest) {
        json.append('{');
        String separator = "";
        for (Map.Entry<String, Slot> entry : group.slots.entrySet()) {
            json.append(separator).append(IdText.quote(entry.getKey())).append(':');
            separator = ",";
            if (entry.getValue() instanceof Leaf leaf) {
                leaf(json, leaf, row[leaf.index]);
            } else if (entry.getValue() instanceof Group inner) {
                JsonValue innerRest = rest == null ? null : rest.member(entry.getKey());
                if (innerRest == null && empty(row, inner)) {
                    json.append("null");
                } else {
                    write(json, row, inner, innerRest);
                }
            }
        }
        if (rest != null) {
            for (JsonValue.Member member : rest.members()) {
                if (!group.slots.containsKey(member.name())) {
                    json.append(separator)
                            .append(member.key().raw())
                            .append(':')
                            .append(member.value().raw());
                    separator = ",";
                }
            }
        }
        json.append('}');
    }

    private void leaf(StringBuilder json, Leaf leaf, @Nullable String value) {
        try {
            json.append(value == null ? "null" : leaf.text.toJson(value));
        } catch (ColumnText.Unfit e) {
            throw new InvalidRecordException(
                    collection, null, JsonPointers.ofPath(leaf.column.property()), "its column " + e.reason());
        }
    }

    /** Whether two rows hold the same record; parts of the id that one of them lacks are known by other means. */
    boolean same(@Nullable String[] left, @Nullable String[] right) {
        for (int i = 0; i < left.length; i++) {
            String a = left[i];
            String b = right[i];
            boolean known = i < columns.size() && columns.get(i).partOfId() && (a == null || b == null);
            if (!known && (a == null ? b != null : !a.equals(b))) {
                return false;
            }
        }
        return true;
    }
}
