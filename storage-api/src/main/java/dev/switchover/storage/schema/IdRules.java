package dev.switchover.storage.schema;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ids of one collection, single or composed, in their three forms: JSON, canonical text, the caller's class. */
final class IdRules<ID> {

    private final String collection;
    private final Class<ID> idClass;
    private final List<String> properties;
    private final List<IdText> texts;
    private final boolean composed;
    private final int limit;
    private final List<Method> accessors = new ArrayList<>();
    private @Nullable Constructor<ID> constructor;

    /** @param problems gets what is wrong with the id class; then the rules are not to be used */
    IdRules(CollectionDefinition<?, ID> definition, List<String> problems) {
        this.collection = definition.name();
        this.idClass = definition.idClass();
        this.properties = definition.idProperties();
        this.limit = definition.limits().idBytes();
        this.composed = idClass.isRecord();
        List<IdText> kinds = new ArrayList<>();
        if (composed) {
            compose(definition, kinds, problems);
        } else {
            IdText kind = IdText.of(idClass);
            kinds.add(kind == null ? IdText.STRING : kind);
        }
        this.texts = List.copyOf(kinds);
    }

    private void compose(CollectionDefinition<?, ID> definition, List<IdText> kinds, List<String> problems) {
        RecordComponent[] components = idClass.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            IdText kind = IdText.of(types[i]);
            if (kind == null) {
                problems.add(definition + ": component " + components[i].getName() + " of the id is "
                        + types[i].getSimpleName() + "; use long, int, String or UUID");
            }
            kinds.add(kind == null ? IdText.STRING : kind);
            Method accessor = components[i].getAccessor();
            accessors.add(accessor);
            accessor.trySetAccessible();
        }
        if (components.length == 0) {
            problems.add(definition + ": the id class " + idClass.getSimpleName() + " has no components");
        }
        try {
            constructor = idClass.getDeclaredConstructor(types);
            if (!constructor.trySetAccessible()) {
                problems.add(definition + ": the id class " + idClass.getSimpleName()
                        + " cannot be reached; make it public");
            }
        } catch (NoSuchMethodException e) {
            problems.add(definition + ": the id class " + idClass.getSimpleName() + " has no canonical constructor");
        }
    }

    IdType type() {
        return composed ? IdType.COMPOSED : IdType.valueOf(texts.get(0).name());
    }

    List<String> properties() {
        return properties;
    }

    IdText text(int property) {
        return texts.get(property);
    }

    /** What the caller gave, in canonical form. */
    RecordId canonical(ID id) {
        if (!composed) {
            return checked(0, id.toString());
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < properties.size(); i++) {
            parts.add(canonicalPart(i, component(id, i)));
        }
        return compose(parts);
    }

    /** An id written as text. */
    RecordId parse(String text) {
        if (!composed) {
            return checked(0, text);
        }
        RecordId id;
        try {
            byte[] array = StrictArray.of(text);
            List<JsonValue> elements = JsonValue.of(array).elements();
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < properties.size() && elements.size() == properties.size(); i++) {
                parts.add(texts.get(i).canonical(elements.get(i)));
            }
            id = parts.isEmpty() ? null : compose(parts);
        } catch (StrictArray.NoArrayException | IdText.Refused e) {
            id = null;
        }
        if (id == null || !id.text().equals(text)) {
            throw refused(null, "", "the id must be the compact JSON array of " + String.join(", ", properties));
        }
        return id;
    }

    /** The id as the caller's class. */
    ID value(RecordId id) {
        if (!composed) {
            return idClass.cast(texts.get(0).value(id.text()));
        }
        List<JsonValue> elements =
                JsonValue.of(id.text().getBytes(StandardCharsets.UTF_8)).elements();
        Object[] arguments = new Object[properties.size()];
        RecordComponent[] components = idClass.getRecordComponents();
        for (int i = 0; i < arguments.length; i++) {
            Object value = texts.get(i).value(part(i, elements.get(i)));
            Class<?> type = components[i].getType();
            arguments[i] = type == int.class || type == Integer.class ? (Object) narrow(i, value) : value;
        }
        return construct(arguments);
    }

    private Integer narrow(int property, Object value) {
        long number = (Long) value;
        if (number != (int) number) {
            throw refused(null, pointer(property), "the id must fit into 32 bits, as its class says");
        }
        return (int) number;
    }

    /**
     * The id a body holds, or null if it holds none: absent or null, in any of its properties.
     *
     * @param known the id for messages, if it is known by other means
     */
    @Nullable
    RecordId in(JsonValue record, @Nullable String known) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < properties.size(); i++) {
            JsonValue value = record.member(properties.get(i));
            if (value == null || value.isNull()) {
                return null;
            }
            try {
                parts.add(texts.get(i).canonical(value));
            } catch (IdText.Refused e) {
                throw refused(known, pointer(i), "the id " + e.reason());
            }
        }
        return composed ? compose(parts) : limited(0, parts.get(0));
    }

    /** The JSON text of each id property's value. */
    List<String> json(RecordId id) {
        if (!composed) {
            return List.of(texts.get(0).json(id.text()));
        }
        return JsonValue.of(id.text().getBytes(StandardCharsets.UTF_8)).elements().stream()
                .map(JsonValue::raw)
                .toList();
    }

    String pointer(int property) {
        return "/" + JsonPointers.escape(properties.get(property));
    }

    private String canonicalPart(int property, @Nullable Object value) {
        if (value == null) {
            throw refused(null, pointer(property), "a part of the id is missing");
        }
        try {
            return texts.get(property).canonical(value.toString());
        } catch (IdText.Refused e) {
            throw refused(null, pointer(property), "the id " + e.reason());
        }
    }

    private String part(int property, JsonValue value) {
        return texts.get(property) == IdText.LONG ? value.raw() : value.string();
    }

    private RecordId compose(List<String> parts) {
        StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < parts.size(); i++) {
            array.append(i == 0 ? "" : ",").append(texts.get(i).json(parts.get(i)));
        }
        return limited(0, array.append(']').toString());
    }

    private RecordId checked(int property, String text) {
        try {
            return limited(property, texts.get(property).canonical(text));
        } catch (IdText.Refused e) {
            throw refused(null, pointer(property), "the id " + e.reason());
        }
    }

    private RecordId limited(int property, String canonical) {
        if (canonical.isEmpty()) {
            throw refused(null, pointer(property), "the id is empty");
        }
        if (canonical.length() > limit || canonical.getBytes(StandardCharsets.UTF_8).length > limit) {
            throw refused(null, pointer(property), "the id is longer than " + limit + " bytes");
        }
        return new RecordId(canonical);
    }

    private @Nullable Object component(ID id, int property) {
        try {
            return accessors.get(property).invoke(id);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw refused(null, pointer(property), "the id's component cannot be read");
        }
    }

    private ID construct(Object[] arguments) {
        Constructor<ID> canonical = constructor;
        if (canonical == null) {
            throw new IllegalStateException("no constructor, which the definition's check has refused");
        }
        try {
            return canonical.newInstance(arguments);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw refused(null, pointer(0), "the id class " + idClass.getSimpleName() + " refuses it");
        }
    }

    private InvalidRecordException refused(@Nullable String id, String path, String reason) {
        return new InvalidRecordException(collection, id, path, reason);
    }
}
