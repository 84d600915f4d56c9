package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
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

    private static final int BUFFER = 1 << 13;

    private final MessageDigest digest;
    /** What the digest has not been told yet: small pieces cost it more than what is in them. */
    private final byte[] buffer = new byte[BUFFER];

    private int size;

    TokenDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    void add(JsonToken token, JsonParser parser) throws IOException {
        if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
            add(token, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else {
            add(token, token.isScalarValue() || token == JsonToken.FIELD_NAME ? parser.getText() : "");
        }
    }

    void add(JsonToken token, String text) {
        add(token, text.toCharArray(), 0, text.length());
    }

    private void add(JsonToken token, char[] text, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (text[i] >= 0x80) {
                byte[] bytes = new String(text, from, length).getBytes(StandardCharsets.UTF_8);
                begin(token, bytes.length);
                tell();
                digest.update(bytes);
                return;
            }
        }
        begin(token, length);
        for (int i = from; i < from + length; i++) {
            if (size == BUFFER) {
                tell();
            }
            buffer[size++] = (byte) text[i];
        }
    }

    private void begin(JsonToken token, int length) {
        if (size > BUFFER - 5) {
            tell();
        }
        buffer[size++] = (byte) kind(token);
        for (int shift = 24; shift >= 0; shift -= 8) {
            buffer[size++] = (byte) (length >> shift);
        }
    }

    private void tell() {
        digest.update(buffer, 0, size);
        size = 0;
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
        tell();
        return HexFormat.of().formatHex(digest.digest());
    }
}
