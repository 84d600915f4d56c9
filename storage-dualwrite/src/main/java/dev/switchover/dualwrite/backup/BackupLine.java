package dev.switchover.dualwrite.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A record in a backup: {@code {"id":"7","collection":"expenses","version":12,"order":3,"bytes":15,"crc":"8e3c1a0f","body":{"id":7}}}.
 * The body's text is there as it is, line breaks included. So that a line which begins like a record always is the beginning of one,
 * a body that has such a line itself is written as a string instead, under {@code "text"}.
 */
record BackupLine(String collection, RawRecord record) {

    /** How the line of each record begins, and no other. */
    static final byte[] BEGIN = ascii("{\"id\":");
    /** How the last line begins. */
    static final byte[] LAST = ascii("],\"totals\":");

    private static final byte[] BODY = ascii(",\"body\":");
    private static final byte[] TEXT = ascii(",\"text\":");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The record's text, without what separates it from the next. */
    byte[] encode() {
        byte[] body = record.body();
        boolean asText = hasLineLike(body, BEGIN) || hasLineLike(body, LAST);
        byte[] value = asText ? quoted(new String(body, StandardCharsets.UTF_8)) : body;
        ByteArrayOutputStream line = new ByteArrayOutputStream(value.length + 160);
        line.writeBytes(BEGIN);
        line.writeBytes(quoted(record.id().text()));
        line.writeBytes(ascii(",\"collection\":"));
        line.writeBytes(quoted(collection));
        line.writeBytes(ascii(",\"version\":" + record.version() + ",\"order\":" + record.order() + ",\"bytes\":"
                + value.length + ",\"crc\":\"" + HexFormat.of().toHexDigits(crc()) + "\""));
        line.writeBytes(asText ? TEXT : BODY);
        line.writeBytes(value);
        line.write('}');
        return line.toByteArray();
    }

    private static byte[] quoted(String text) {
        byte[] inside = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] quoted = new byte[inside.length + 2];
        quoted[0] = '"';
        System.arraycopy(inside, 0, quoted, 1, inside.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    private int crc() {
        CRC32C crc = new CRC32C();
        crc.update(collection.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(record.id().text().getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(ByteBuffer.allocate(16)
                .putLong(record.version())
                .putLong(record.order())
                .flip());
        crc.update(record.body());
        return (int) crc.getValue();
    }

    /**
     * Reads the text of one record with what separates it from the next.
     *
     * @throws DamagedBackupException if it is not what was written
     */
    static BackupLine parse(byte[] chunk) {
        int body = indexOf(chunk, BODY);
        int text = indexOf(chunk, TEXT);
        boolean asText = text >= 0 && (body < 0 || text < body);
        int end = asText ? text : body;
        if (end < 0) {
            throw new DamagedBackupException("a record has no body");
        }
        try {
            JsonNode head = Json.MAPPER.readTree(new String(chunk, 0, end, StandardCharsets.UTF_8) + "}");
            int from = end + BODY.length;
            int length = head.path("bytes").asInt(-1);
            if (length < 0 || length > chunk.length - from - 1 || !endsWell(chunk, from + length)) {
                throw new DamagedBackupException("a record is cut, or longer than it says");
            }
            byte[] value = Arrays.copyOfRange(chunk, from, from + length);
            byte[] stored = asText
                    ? Json.MAPPER
                            .readTree(new String(value, StandardCharsets.UTF_8))
                            .asText()
                            .getBytes(StandardCharsets.UTF_8)
                    : value;
            RawRecord record = new RawRecord(
                    new RecordId(head.path("id").asText()),
                    head.path("version").asLong(),
                    head.path("order").asLong(),
                    stored);
            BackupLine line = new BackupLine(head.path("collection").asText(), record);
            if (!isGiven(record.version()) || !isGiven(record.order())) {
                throw new DamagedBackupException("a record has a version or a place that no store gives");
            }
            if (!HexFormat.of().toHexDigits(line.crc()).equals(head.path("crc").asText())) {
                throw new DamagedBackupException("a record's checksum is wrong");
            }
            return line;
        } catch (JsonProcessingException e) {
            throw new DamagedBackupException("a record cannot be read");
        }
    }

    /** Above, a store that is to go on behind it would come to the end of numbers. */
    static boolean isGiven(long number) {
        return number >= 0 && number <= Long.MAX_VALUE / 2;
    }

    /** What comes behind a body: the brace, and a comma unless it is the last. */
    private static boolean endsWell(byte[] chunk, int from) {
        String rest = new String(chunk, from, chunk.length - from, StandardCharsets.ISO_8859_1);
        return rest.equals("},\n") || rest.equals("}\n") || rest.equals("}");
    }

    private static boolean hasLineLike(byte[] body, byte[] begin) {
        for (int i = 0; i + 1 + begin.length <= body.length; i++) {
            if (body[i] == '\n' && Arrays.equals(body, i + 1, i + 1 + begin.length, begin, 0, begin.length)) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int i = 0; i + what.length <= in.length; i++) {
            if (in[i] == what[0] && Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }
}
