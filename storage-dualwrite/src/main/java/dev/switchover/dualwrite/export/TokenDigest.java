package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a JSON text says, whatever its white space and escapes; numbers count by their digits. Used by one thread. */
final class TokenDigest {

    /** A file may be as long as it likes; what its records may be was checked when they were written. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2_000)
                    .maxNumberLength(100_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final MessageDigest digest;

    TokenDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    void add(JsonToken token, JsonParser parser) throws IOException {
        add(token, token.isScalarValue() || token == JsonToken.FIELD_NAME ? parser.getText() : "");
    }

    void add(JsonToken token, String text) {
        digest.update((byte) kind(token));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    /** Which kind of number it is lies in the text already. */
    private static int kind(JsonToken token) {
        return token.isNumeric() ? JsonToken.VALUE_NUMBER_FLOAT.id() : token.id();
    }

    /** A whole value. */
    void add(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                add(token, parser);
            }
        }
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
