package dev.switchover.dualwrite.differential;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A record class seen by plain reflection: its properties, and its objects as JSON and back. */
final class Shape<T, ID> {

    private final CollectionDefinition<T, ID> definition;

    Shape(CollectionDefinition<T, ID> definition) {
        this.definition = definition;
    }

    CollectionDefinition<T, ID> definition() {
        return definition;
    }

    String name() {
        return definition.name();
    }

    boolean columns() {
        return definition.tableLayout() instanceof TableLayout.Columns;
    }

    boolean storeMakesIds() {
        return definition.idGeneration() != IdGeneration.CALLER;
    }

    boolean sequence() {
        return definition.idGeneration() == IdGeneration.SEQUENCE;
    }

    boolean pretty() {
        return definition.jsonLayout().format() == JsonLayout.Format.PRETTY;
    }

    boolean hasEnvelope() {
        return definition.jsonLayout().hasEnvelope();
    }

    List<String> idProperties() {
        return definition.idProperties();
    }

    /** Name and type of all properties but those of the id. */
    Map<String, Class<?>> properties() {
        Map<String, Class<?>> properties = new LinkedHashMap<>();
        for (RecordComponent component : definition.recordClass().getRecordComponents()) {
            if (!idProperties().contains(component.getName())) {
                properties.put(component.getName(), component.getType());
            }
        }
        return properties;
    }

    boolean flattened(String property) {
        return definition.tableLayout() instanceof TableLayout.Columns columns
                && columns.flattened().contains(property);
    }

    /** The declared type at a dotted path, or null. */
    @Nullable
    Class<?> type(String path) {
        Class<?> type = definition.recordClass();
        for (String name : path.split("\\.", -1)) {
            Class<?> found = null;
            if (type.isRecord()) {
                for (RecordComponent component : type.getRecordComponents()) {
                    found = component.getName().equals(name) ? component.getType() : found;
                }
            }
            if (found == null) {
                return null;
            }
            type = found;
        }
        return type;
    }

    /** A record of these values; null for those that are not there. */
    T record(Map<String, Object> values, @Nullable Object id) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        if (id != null) {
            if (id.getClass().isRecord()) {
                all.putAll(values(id));
            } else {
                all.put(idProperties().get(0), id);
            }
        }
        return definition.recordClass().cast(construct(definition.recordClass(), all));
    }

    /** The record with some values changed. */
    T with(T record, Map<String, Object> changes) {
        Map<String, Object> all = values(record);
        all.putAll(changes);
        return definition.recordClass().cast(construct(definition.recordClass(), all));
    }

    Object id(T record) {
        Map<String, Object> values = values(record);
        if (definition.idClass().isRecord()) {
            return construct(definition.idClass(), values);
        }
        return values.get(idProperties().get(0));
    }

    /** The id as messages and stores write it. */
    String idText(Object id) {
        if (!id.getClass().isRecord()) {
            return id.toString();
        }
        List<String> parts = new ArrayList<>();
        values(id)
                .values()
                .forEach(part -> parts.add(
                        part instanceof String text ? Json.quoted(text, "0123456789abcdef") : String.valueOf(part)));
        return "[" + String.join(",", parts) + "]";
    }

    /** The members that hold the id. */
    List<Json.Member> idMembers(Object id) {
        if (!id.getClass().isRecord()) {
            return List.of(new Json.Member(Json.text(idProperties().get(0)), json(id)));
        }
        List<Json.Member> members = new ArrayList<>();
        values(id).forEach((name, value) -> members.add(new Json.Member(Json.text(name), json(value))));
        return members;
    }

    T decode(Json.Obj json) {
        return definition.recordClass().cast(decode(definition.recordClass(), json));
    }

    static Json json(@Nullable Object value) {
        if (value == null) {
            return Json.NULL;
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            return Json.text(number.toString());
        }
        if (value instanceof Number) {
            return new Json.Number(value.toString());
        }
        if (value instanceof Boolean) {
            return new Json.Word(value.toString());
        }
        if (value instanceof Enum<?> constant) {
            return Json.text(constant.name());
        }
        if (value instanceof List<?> list) {
            return new Json.Array(list.stream().map(Shape::json).toList());
        }
        if (value.getClass().isRecord()) {
            List<Json.Member> members = new ArrayList<>();
            values(value).forEach((name, part) -> members.add(new Json.Member(Json.text(name), json(part))));
            return new Json.Obj(members);
        }
        return Json.text(value.toString());
    }

    static @Nullable Object decode(Class<?> type, @Nullable Json json) {
        if (json == null || json.equals(Json.NULL)) {
            return type == int.class ? 0 : null;
        }
        if (type.isRecord()) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                Json member = ((Json.Obj) json).get(component.getName());
                values.put(component.getName(), decode(component.getType(), member));
            }
            return construct(type, values);
        }
        if (json instanceof Json.Number number) {
            if (type == BigDecimal.class) {
                return new BigDecimal(number.raw());
            }
            if (type == Double.class) {
                return floating(number);
            }
            return type == int.class ? (Object) Integer.valueOf(number.raw()) : Long.valueOf(number.raw());
        }
        if (json instanceof Json.Word word) {
            return Boolean.valueOf(word.raw());
        }
        if (json instanceof Json.Array array) {
            return array.elements().stream()
                    .map(element -> ((Json.Text) element).value())
                    .toList();
        }
        return decodeText(type, ((Json.Text) json).value());
    }

    /** An integer has no negative zero. */
    static double floating(Json.Number number) {
        return number.raw().equals("-0") ? 0.0 : Double.parseDouble(number.raw());
    }

    private static Object decodeText(Class<?> type, String text) {
        if (type == UUID.class) {
            return UUID.fromString(text);
        }
        if (type == LocalDate.class) {
            return LocalDate.parse(text);
        }
        if (type == Instant.class) {
            return OffsetDateTime.parse(text).toInstant();
        }
        if (type == Double.class) {
            return Double.valueOf(text);
        }
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .filter(constant -> ((Enum<?>) constant).name().equals(text))
                        .findFirst()
                        .orElseThrow()
                : text;
    }

    static Map<String, Object> values(Object record) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                values.put(component.getName(), component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
        return values;
    }

    private static Object construct(Class<?> type, Map<String, Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> values.get(component.getName()))
                    .toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }
}
