package dev.switchover.storage.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A property by its dotted path, made ready to be looked up in many records. Immutable. */
public final class PropertyPath {

    private final List<String> names;
    private final byte[][] utf8;

    private PropertyPath(List<String> names) {
        this.names = names;
        this.utf8 = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    public static PropertyPath of(String property) {
        return new PropertyPath(List.of(property.split("\\.", -1)));
    }

    public List<String> names() {
        return names;
    }

    /** The value, or null where the record has none; JSON's {@code null} is a value. */
    public @Nullable JsonValue in(byte[] body) {
        return in(JsonValue.of(body));
    }

    public @Nullable JsonValue in(JsonValue record) {
        JsonValue value = record;
        for (int i = 0; i < utf8.length; i++) {
            if (value == null || value.kind() != JsonValue.Kind.OBJECT) {
                return null;
            }
            value = value.member(names.get(i), utf8[i]);
        }
        return value;
    }
}
