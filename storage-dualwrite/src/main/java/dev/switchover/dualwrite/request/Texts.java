package dev.switchover.dualwrite.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.storage.RequestFailedException;
import java.util.Collection;
import java.util.List;

/** Several texts, as ids, in one argument of a request: they may hold anything, line breaks included. */
public final class Texts {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Texts() {}

    public static String write(Collection<String> texts) {
        try {
            return MAPPER.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts have no JSON form", e);
        }
    }

    /**
     * The opposite of {@link #write}.
     *
     * @param kind of the request, for the error
     * @throws RequestFailedException if that is no such argument
     */
    public static List<String> read(String kind, String argument) {
        try {
            return MAPPER.readValue(argument, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new RequestFailedException(kind, "The argument is no JSON array of texts");
        }
    }
}
