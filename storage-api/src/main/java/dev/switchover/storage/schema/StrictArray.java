package dev.switchover.storage.schema;

import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.MalformedJsonException;
import dev.switchover.storage.document.StrictJson;
import java.nio.charset.StandardCharsets;

/** Text that is to be a JSON array, as an id composed of several properties is. */
final class StrictArray {

    private StrictArray() {}

    static byte[] of(String text) throws NoArrayException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new NoArrayException();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            StrictJson.check(bytes, DocumentLimits.standard());
        } catch (MalformedJsonException e) {
            throw new NoArrayException();
        }
        if (JsonValue.of(bytes).kind() != JsonValue.Kind.ARRAY) {
            throw new NoArrayException();
        }
        return bytes;
    }

    /** It is none. */
    static final class NoArrayException extends Exception {

        private static final long serialVersionUID = 1;

        NoArrayException() {
            super(null, null, false, false);
        }
    }
}
