package dev.switchover.storage.schema;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.storage.document.JsonPointers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds what a record class does not know, by having Jackson read it. Thread-safe. */
final class UnknownProperties {

    private final ObjectReader reader;

    UnknownProperties(JsonMapper mapper, Class<?> recordClass) {
        this.reader = mapper.rebuild()
                .annotationIntrospector(new NothingIgnored())
                .build()
                .readerFor(recordClass);
    }

    /** @throws IOException if the text does not fit the class */
    List<String> in(byte[] text) throws IOException {
        Found found = new Found();
        reader.withHandler(found).<Object>readValue(text);
        return List.copyOf(found.pointers);
    }

    private static final class Found extends DeserializationProblemHandler {
        private final List<String> pointers = new ArrayList<>();

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String property)
                throws IOException {
            pointers.add(pointer(parser) + "/" + JsonPointers.escape(property));
            parser.skipChildren();
            return true;
        }

        /** Of the object the property is in. Its own name is no help: a record's unknown properties are read from a buffer. */
        private static String pointer(JsonParser parser) {
            JsonStreamContext at = parser.getParsingContext();
            JsonToken value = parser.currentToken();
            if (value != null && value.isStructStart()) {
                at = at.getParent();
            }
            if (!at.inObject()) {
                at = at.getParent();
            }
            JsonStreamContext around = at.getParent();
            return around == null || around.inRoot()
                    ? ""
                    : around.pathAsPointer().toString();
        }
    }

    /** A class that says "ignore what is unknown" would have it skipped before anybody is asked. */
    private static final class NothingIgnored extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
        }
    }
}
