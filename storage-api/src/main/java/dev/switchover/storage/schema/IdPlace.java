package dev.switchover.storage.schema;

import dev.switchover.storage.document.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The place of one id property in a body: puts a value there, everything else stays as it is. */
final class IdPlace {

    private IdPlace() {}

    /** Replaces the property's value; a property that is absent becomes the first one. */
    static byte[] put(byte[] body, String property, String json) {
        JsonValue record = JsonValue.of(body);
        JsonValue present = record.member(property);
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + value.length + 16);
        if (present != null) {
            out.write(body, 0, present.from());
            out.writeBytes(value);
            out.write(body, present.to(), body.length - present.to());
            return out.toByteArray();
        }
        int inside = record.from() + 1;
        out.write(body, 0, inside);
        byte[] key = IdText.quote(property).getBytes(StandardCharsets.UTF_8);
        if (record.members().isEmpty()) {
            out.writeBytes(key);
            out.write(':');
            out.writeBytes(value);
        } else {
            // As the first member there is so far.
            JsonValue.Member first = record.members().get(0);
            byte[] lead = Arrays.copyOfRange(body, inside, first.key().from());
            out.writeBytes(lead);
            out.writeBytes(key);
            out.write(body, first.key().to(), first.value().from() - first.key().to());
            out.writeBytes(value);
            out.write(',');
            if (lead.length == 0 && body[first.value().from() - 1] == ' ') {
                out.write(' ');
            }
        }
        out.write(body, inside, body.length - inside);
        return out.toByteArray();
    }

    /** What comes before the property's value and what comes after it. */
    static byte[][] around(byte[] body, String property) {
        JsonValue value = JsonValue.of(body).member(property);
        if (value == null) {
            return around(put(body, property, "null"), property);
        }
        return new byte[][] {
            Arrays.copyOfRange(body, 0, value.from()), Arrays.copyOfRange(body, value.to(), body.length)
        };
    }
}
