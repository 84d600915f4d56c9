package dev.switchover.storage.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.document.JsonPointers;
import java.io.IOException;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** Objects of the record class to compact JSON text and back. */
final class RecordCodec<T> {

    private final String collection;
    private final Class<T> recordClass;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final UnknownProperties unknown;

    RecordCodec(String collection, Class<T> recordClass, JsonMapper mapper) {
        this.collection = collection;
        this.recordClass = recordClass;
        this.reader = mapper.readerFor(recordClass);
        this.writer = mapper.writerFor(recordClass);
        this.unknown = new UnknownProperties(mapper, recordClass);
    }

    /** Every feature the text depends on is set here, for defaults differ between versions of Jackson. */
    static JsonMapper mapper(DocumentLimits limits) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxDocumentLength(limits.bytes() * 2L)
                        .maxNestingDepth(limits.depth())
                        .maxNumberLength(limits.numberDigits() * 2 + 16)
                        .maxStringLength(limits.bytes())
                        .maxNameLength(limits.bytes())
                        .build())
                // StrictJson has looked for duplicates in every text that is read here, and for less.
                .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .disable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS)
                .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                .defaultTimeZone(TimeZone.getTimeZone("UTC"))
                .serializationInclusion(JsonInclude.Include.ALWAYS)
                .deactivateDefaultTyping()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .disable(MapperFeature.DEFAULT_VIEW_INCLUSION)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                .disable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                // The offset and the zone are part of the value.
                .disable(SerializationFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
                .disable(SerializationFeature.INDENT_OUTPUT)
                .disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    /** Compact, not yet checked. */
    byte[] write(T record) {
        try {
            return writer.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new InvalidRecordException(collection, null, pointer(e), "cannot be written as JSON" + hint(e));
        }
    }

    /** @param id for the message */
    T read(@Nullable String id, byte[] text) {
        return fitting(id, () -> reader.readValue(text));
    }

    /** @return JSON pointers of the properties that the class does not know */
    List<String> unknown(@Nullable String id, byte[] text) {
        return fitting(id, () -> unknown.in(text));
    }

    private interface Reading<R> {
        R read() throws IOException;
    }

    private <R> R fitting(@Nullable String id, Reading<R> reading) {
        try {
            return reading.read();
        } catch (JsonMappingException e) {
            throw new InvalidRecordException(collection, id, pointer(e), unfit(e));
        } catch (IOException e) {
            throw new InvalidRecordException(collection, id, "", "is no JSON text that fits " + name());
        }
    }

    /** What the class makes of a text, compact. */
    byte[] readAndWrite(byte[] text) {
        return write(read(null, text));
    }

    // Jackson's own messages quote the value.
    private String unfit(JsonMappingException e) {
        Throwable cause = e.getCause();
        String refused =
                cause == null ? "" : " (" + cause.getClass().getSimpleName() + " in its constructor or setter)";
        return "does not fit " + name() + refused + "; mend the record or the class";
    }

    private String hint(JsonProcessingException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (message.contains("urrogate")) {
            return ": it holds half of a surrogate pair";
        }
        Throwable cause = e.getCause();
        return cause == null ? "" : ": " + cause.getClass().getSimpleName();
    }

    private String name() {
        return recordClass.getSimpleName();
    }

    private static String pointer(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return "";
        }
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference reference : mapping.getPath()) {
            String field = reference.getFieldName();
            pointer.append('/').append(field == null ? reference.getIndex() : JsonPointers.escape(field));
        }
        return pointer.toString();
    }
}
