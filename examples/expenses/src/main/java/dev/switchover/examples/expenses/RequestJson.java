package dev.switchover.examples.expenses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads request bodies strictly: valid UTF-8, one JSON value and nothing behind it, no member twice, numbers to the
 * digit.
 */
final class RequestJson {

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(100).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private RequestJson() {}

    /** @throws InvalidRequestException unless the body is a JSON object */
    static ObjectNode object(byte[] body) {
        if (body.length == 0) {
            throw Problems.only("missing", "The request has no body", "body");
        }
        if (parse(body) instanceof ObjectNode object) {
            return object;
        }
        throw Problems.only("model_attributes_type", "Input should be a JSON object", "body");
    }

    private static JsonNode parse(byte[] body) {
        String text;
        try {
            // Jackson itself would let some malformed UTF-8 pass.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw Problems.only("json_invalid", "The body is not valid UTF-8", "body");
        }
        try {
            return STRICT.readTree(text);
        } catch (JsonParseException malformed) {
            throw Problems.only(
                    "json_invalid",
                    "JSON decode error",
                    "body",
                    malformed.getLocation().getCharOffset());
        } catch (JsonProcessingException | NumberFormatException beyondLimits) {
            throw Problems.only("json_invalid", "JSON decode error", "body");
        }
    }
}
