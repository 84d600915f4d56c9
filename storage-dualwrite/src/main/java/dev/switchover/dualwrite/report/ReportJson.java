package dev.switchover.dualwrite.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.switchover.storage.schema.RecordId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Records as JSON text: names as in the record; times and durations in ISO 8601; ids and paths as text. */
public final class ReportJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new ToStringSerializer(Instant.class))
                    .addSerializer(Duration.class, new ToStringSerializer(Duration.class))
                    .addSerializer(Path.class, new ToStringSerializer(Path.class))
                    .addSerializer(RecordId.class, new ToStringSerializer(RecordId.class))
                    .addDeserializer(Instant.class, new FromText<>(Instant.class, Instant::parse))
                    .addDeserializer(Duration.class, new FromText<>(Duration.class, Duration::parse)))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ReportJson() {}

    /** A record, or a list of them. */
    public static String write(Object report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The report has no JSON form", e);
        }
    }

    /** A report as it was written. */
    public static <R> R read(String json, Class<R> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This is no " + type.getSimpleName(), e);
        }
    }

    /** A report from the history; one that cannot be read becomes an empty object. */
    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return MAPPER.createObjectNode();
        }
    }

    private static final class FromText<V> extends StdDeserializer<V> {

        private static final long serialVersionUID = 1;

        private final transient Function<String, V> parse;

        FromText(Class<V> type, Function<String, V> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public V deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parse.apply(parser.getText());
        }
    }
}
