package dev.switchover.storage.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON pointers, RFC 6901. */
public final class JsonPointers {

    private JsonPointers() {}

    /** A key as a segment of a pointer. */
    public static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** The pointer to a property by its dotted path. */
    public static String ofPath(String property) {
        return "/" + escape(property).replace('.', '/');
    }

    /** A key as it stands between double quotes. */
    public static String quoted(String key) {
        return new String(JsonStringEncoder.getInstance().quoteAsUTF8(key), StandardCharsets.UTF_8);
    }

    /** The keys a pointer goes through. */
    public static List<String> segments(String pointer) {
        List<String> segments = new ArrayList<>();
        if (!pointer.isEmpty()) {
            for (String segment : pointer.substring(1).split("/", -1)) {
                segments.add(segment.replace("~1", "/").replace("~0", "~"));
            }
        }
        return segments;
    }

    /** The value a pointer leads to, or null. */
    public static @Nullable JsonValue resolve(JsonValue root, String pointer) {
        JsonValue value = root;
        for (String segment : segments(pointer)) {
            JsonValue next = null;
            if (value.kind() == JsonValue.Kind.OBJECT) {
                next = value.member(segment);
            } else if (value.kind() == JsonValue.Kind.ARRAY && segment.matches("0|[1-9][0-9]{0,8}")) {
                List<JsonValue> elements = value.elements();
                int index = Integer.parseInt(segment);
                next = index < elements.size() ? elements.get(index) : null;
            }
            if (next == null) {
                return null;
            }
            value = next;
        }
        return value;
    }
}
