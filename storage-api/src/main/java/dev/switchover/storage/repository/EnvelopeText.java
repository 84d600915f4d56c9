package dev.switchover.storage.repository;

import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An envelope as text and as bytes. */
final class EnvelopeText {

    private EnvelopeText() {}

    /** What a file that does not exist yet would be: the empty container at its place. */
    static String initial(CollectionSchema<?, ?> schema) {
        JsonLayout layout = schema.definition().jsonLayout();
        List<String> keys = JsonPointers.segments(layout.pointer());
        StringBuilder json = new StringBuilder();
        for (String key : keys) {
            json.append("{\"").append(JsonPointers.quoted(key)).append("\": ");
        }
        json.append(layout.shape() == JsonLayout.Shape.ARRAY ? "[]" : "{}");
        return json.append("}".repeat(keys.size())).toString();
    }

    static byte[] checked(CollectionSchema<?, ?> schema, String json) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
            byte[] text = new byte[utf8.remaining()];
            utf8.get(text);
            return schema.checkEnvelope(text);
        } catch (CharacterCodingException e) {
            throw new InvalidRecordException(
                    schema.name(), RecordId.ENVELOPE.text(), "", "holds half of a surrogate pair");
        }
    }
}
