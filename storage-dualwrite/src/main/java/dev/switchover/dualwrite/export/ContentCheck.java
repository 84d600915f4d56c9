package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import dev.switchover.json.file.FileText;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a file says with the records it was made of, by count and digest, without keeping either. First {@link #begin},
 * then every record, then {@link #end}, then {@link #requireSame}. Used by one thread.
 */
final class ContentCheck implements AutoCloseable {

    private final JsonLayout layout;
    private final Map<RecordId, byte[]> keys;
    private final JsonPointer pointer;
    private final TokenDigest expected = new TokenDigest();
    private final @Nullable JsonParser around;
    private long records;

    /** @param envelope the text around the records, null for the one the library makes */
    ContentCheck(JsonLayout layout, Map<RecordId, byte[]> keys, byte @Nullable [] envelope) throws IOException {
        this.layout = layout;
        this.keys = keys;
        this.pointer = JsonPointer.compile(layout.pointer());
        this.around = layout.hasEnvelope()
                ? TokenDigest.JSON.createParser(envelope == null ? FileText.defaultEnvelope(layout) : envelope)
                : null;
    }

    void begin() throws IOException {
        JsonParser parser = around;
        if (parser == null) {
            expected.add(start(), "");
            return;
        }
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            expected.add(token, parser);
            if (isContainer(token, parser)) {
                return;
            }
        }
    }

    void record(RawRecord record) throws IOException {
        if (layout.shape() == JsonLayout.Shape.OBJECT) {
            byte[] key = keys.get(record.id());
            if (key == null) {
                expected.add(JsonToken.FIELD_NAME, record.id().text());
            } else {
                try (JsonParser parser = TokenDigest.JSON.createParser(key)) {
                    parser.nextToken();
                    expected.add(JsonToken.FIELD_NAME, parser.getText());
                }
            }
        }
        expected.add(record.body());
        records++;
    }

    void end() throws IOException {
        JsonParser parser = around;
        if (parser == null) {
            expected.add(layout.shape() == JsonLayout.Shape.ARRAY ? JsonToken.END_ARRAY : JsonToken.END_OBJECT, "");
            return;
        }
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            expected.add(token, parser);
        }
    }

    long records() {
        return records;
    }

    /** @throws IOException if the file says anything else, or cannot be read */
    void requireSame(Path file) throws IOException {
        TokenDigest found = new TokenDigest();
        long count;
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream plain = layout.encoding() == JsonLayout.Encoding.BASE64
                        ? Base64.getMimeDecoder().wrap(content)
                        : content;
                JsonParser parser = TokenDigest.JSON.createParser(plain)) {
            count = read(parser, found);
        }
        if (count != records) {
            throw new IOException(file + " was read back with " + count + " records instead of " + records);
        }
        if (!found.hex().equals(expected.hex())) {
            throw new IOException(file + " was read back with other records than were written");
        }
    }

    private long read(JsonParser parser, TokenDigest found) throws IOException {
        long count = 0;
        int depth = 0;
        int container = layout.hasEnvelope() ? -1 : 0;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            found.add(token, parser);
            if (token.isStructEnd()) {
                depth--;
                if (depth == container) {
                    container = Integer.MAX_VALUE;
                }
                continue;
            }
            boolean value = token != JsonToken.FIELD_NAME;
            if (value && depth == container + 1 && container >= 0) {
                count++;
            }
            if (token.isStructStart()) {
                if (container < 0 && isContainer(token, parser)) {
                    container = depth;
                }
                depth++;
            }
        }
        return count;
    }

    private JsonToken start() {
        return layout.shape() == JsonLayout.Shape.ARRAY ? JsonToken.START_ARRAY : JsonToken.START_OBJECT;
    }

    private boolean isContainer(JsonToken token, JsonParser parser) {
        return token == start() && parser.getParsingContext().pathAsPointer().equals(pointer);
    }

    @Override
    public void close() throws IOException {
        if (around != null) {
            around.close();
        }
    }
}
