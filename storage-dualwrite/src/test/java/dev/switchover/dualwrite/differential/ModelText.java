package dev.switchover.dualwrite.differential;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a record's text: when a typed update meets it, and when a table makes it anew from columns. */
final class ModelText {

    private ModelText() {}

    /** The stored value with what changed between two objects of its class; everything else as it was. */
    static @Nullable Json merged(@Nullable Json stored, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return stored;
        }
        boolean nested = before != null && after != null && after.getClass().isRecord();
        return nested && stored instanceof Json.Obj object ? mergedObject(object, before, after) : Shape.json(after);
    }

    static Json.Obj mergedObject(Json.Obj stored, Object before, Object after) {
        Json.Obj result = stored;
        var old = Shape.values(before);
        for (var property : Shape.values(after).entrySet()) {
            String name = property.getKey();
            Json value = merged(member(stored, name), old.get(name), property.getValue());
            if (value != null) {
                result = result.with(name, value);
            }
        }
        return result;
    }

    private static @Nullable Json member(Json.Obj object, String name) {
        for (Json.Member member : object.members()) {
            if (member.key().value().equals(name)) {
                return member.value();
            }
        }
        return null;
    }

    /** As a row of columns gives it back: every property the class declares, then the rest as it was. */
    static Json.Obj ofRow(Shape<?, ?> shape, Json.Obj record) {
        return ofRow(shape, shape.definition().recordClass(), record, "");
    }

    private static Json.Obj ofRow(Shape<?, ?> shape, Class<?> type, Json.Obj object, String prefix) {
        List<Json.Member> members = new ArrayList<>();
        List<String> declared = new ArrayList<>();
        for (var component : type.getRecordComponents()) {
            String name = component.getName();
            declared.add(name);
            Json value = object.get(name);
            Json column = value == null ? Json.NULL : column(shape, prefix + name, component.getType(), value);
            members.add(new Json.Member(Json.text(name), column));
        }
        for (Json.Member member : object.members()) {
            if (!declared.contains(member.key().value())) {
                members.add(member);
            }
        }
        return new Json.Obj(members);
    }

    private static Json column(Shape<?, ?> shape, String path, Class<?> type, Json value) {
        if (shape.flattened(path)) {
            return ofRow(shape, type, (Json.Obj) value, path + ".");
        }
        if (type == BigDecimal.class) {
            return new Json.Number(new BigDecimal(((Json.Number) value).raw()).toPlainString());
        }
        if (type == Double.class) {
            return new Json.Number(Double.toString(Shape.floating((Json.Number) value)));
        }
        if (!(value instanceof Json.Text text)) {
            return value;
        }
        String column = text.value();
        if (type == Instant.class) {
            column = OffsetDateTime.parse(column).toInstant().toString();
        } else if (type == UUID.class) {
            column = column.toLowerCase(Locale.ROOT);
        } else if (type == LocalDate.class) {
            column = LocalDate.parse(column).toString();
        }
        return new Json.Text(column, Json.quoted(column, "0123456789abcdef"));
    }
}
