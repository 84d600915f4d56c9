package dev.switchover.storage.query;

import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.PropertyPath;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.ColumnType;
import dev.switchover.storage.schema.IdType;
import dev.switchover.storage.schema.PropertyKind;
import dev.switchover.storage.schema.RawRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one property of many records. Immutable. */
final class PropertyReader {

    private final PropertyPath path;
    private final PropertyKind kind;
    private final IdType idType;
    /** Which part of the id the property is, or -1: a body that lies under a key may not hold its id. */
    private final int idPart;
    /** The property's column, if it has one: what is compared is what the column makes of the text. */
    private final @Nullable ColumnType column;

    PropertyReader(CollectionSchema<?, ?> schema, String property) {
        this(
                PropertyPath.of(OrderedValue.storable(property)),
                schema.kind(property),
                schema.idType(),
                schema.definition().idProperties().indexOf(property),
                column(schema, property));
    }

    private PropertyReader(
            PropertyPath path, PropertyKind kind, IdType idType, int idPart, @Nullable ColumnType column) {
        this.path = path;
        this.kind = kind;
        this.idType = idType;
        this.idPart = idPart;
        this.column = column;
    }

    private static @Nullable ColumnType column(CollectionSchema<?, ?> schema, String property) {
        ColumnMapping columns = schema.columns().orElse(null);
        ColumnMapping.Column column = columns == null ? null : columns.column(property);
        return column == null ? null : column.type();
    }

    /** The same property, taking nothing for a moment. */
    PropertyReader asWritten() {
        return new PropertyReader(path, PropertyKind.UNKNOWN, idType, idPart, column);
    }

    PropertyKind kind() {
        return kind;
    }

    OrderedValue of(RawRecord record) {
        OrderedValue value = OrderedValue.of(path.in(record.body()), kind);
        return value.isNull() && idPart >= 0 ? ofId(record) : inColumn(value);
    }

    private OrderedValue inColumn(OrderedValue value) {
        if (column == ColumnType.UUID && value.value() instanceof String text) {
            return new OrderedValue(OrderedValue.TEXT, text.toLowerCase(Locale.ROOT));
        }
        if (column == ColumnType.TIMESTAMP && value.value() instanceof String text) {
            // A moment as it is written; a column writes it in UTC.
            Object moment = OrderedValue.text(text, PropertyKind.TIMESTAMP).value();
            return new OrderedValue(OrderedValue.TEXT, String.valueOf(moment));
        }
        return value;
    }

    private OrderedValue ofId(RawRecord record) {
        String id = record.id().text();
        return switch (idType) {
            case LONG -> new OrderedValue(OrderedValue.NUMBER, new BigDecimal(id));
            case STRING, UUID -> new OrderedValue(OrderedValue.TEXT, id);
            case COMPOSED ->
                OrderedValue.of(
                        JsonValue.of(id.getBytes(StandardCharsets.UTF_8))
                                .elements()
                                .get(idPart),
                        kind);
        };
    }
}
