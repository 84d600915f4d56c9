package dev.switchover.storage.schema;

import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the values of declared indexes may be. An entry of a PostgreSQL index holds no more than 2,704 bytes; the JSON store would
 * take longer ones, and the record would be refused by one store only. Immutable and thread-safe.
 */
final class IndexedValues {

    /** In UTF-8, of all values of one index together. */
    static final int BYTES = 2_000;

    /** A value that is too long. */
    record Offence(String path, String reason) {}

    private final List<List<String>> indexes;

    IndexedValues(List<List<String>> indexes) {
        this.indexes = indexes;
    }

    @Nullable
    Offence offence(byte[] body) {
        // Written in JSON nothing becomes shorter.
        if (indexes.isEmpty() || body.length <= BYTES) {
            return null;
        }
        JsonValue record = JsonValue.of(body);
        for (List<String> index : indexes) {
            int together = 0;
            int most = 0;
            String longest = "";
            for (String property : index) {
                int length = length(record, property);
                together += length;
                longest = length > most ? property : longest;
                most = Math.max(most, length);
            }
            if (together > BYTES) {
                String reason = "the values of the index " + index + " have " + together + " bytes, and an index takes "
                        + BYTES;
                return new Offence(JsonPointers.ofPath(longest), reason);
            }
        }
        return null;
    }

    private static int length(JsonValue record, String property) {
        JsonValue value = JsonPointers.resolve(record, JsonPointers.ofPath(property));
        if (value == null) {
            return 0;
        }
        return switch (value.kind()) {
            case STRING -> value.string().getBytes(StandardCharsets.UTF_8).length;
            case NUMBER -> value.to() - value.from();
            default -> 0;
        };
    }
}
