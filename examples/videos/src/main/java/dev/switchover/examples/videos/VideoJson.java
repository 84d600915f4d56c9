package dev.switchover.examples.videos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Videos as they go over HTTP: the same members as in the file. */
final class VideoJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private VideoJson() {}

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is no JSON", e);
        }
    }

    /** @throws IOException if it is no video; the message may hold what was sent */
    static Video read(byte[] body) throws IOException {
        JsonNode tree = MAPPER.readTree(body);
        if (!tree.path("video_id").isTextual()
                || !tree.path("processed_at").isTextual()
                || !tree.path("stats").isObject()
                || !hasOnly(tree.path("counts"), VideoJson::isCount)
                || !hasOnly(tree.path("suspect_counts"), VideoJson::isCount)
                || !hasOnly(tree.path("positions"), VideoJson::isListOfCounts)) {
            throw new IOException("no video");
        }
        return MAPPER.treeToValue(tree, Video.class);
    }

    private static boolean hasOnly(JsonNode object, Predicate<JsonNode> kind) {
        return object.isObject()
                && StreamSupport.stream(object.spliterator(), false).allMatch(kind);
    }

    private static boolean isCount(JsonNode value) {
        return value.isInt() && value.intValue() >= 0;
    }

    private static boolean isListOfCounts(JsonNode value) {
        return value.isArray()
                && StreamSupport.stream(value.spliterator(), false).allMatch(VideoJson::isCount);
    }
}
