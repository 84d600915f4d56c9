package dev.switchover.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON text whose values know the line they stand in, so that what is wrong can be pointed at. Immutable. */
sealed interface LocatedJson {

    int line();

    record Group(int line, Map<String, LocatedJson> members) implements LocatedJson {}

    record Items(int line, List<LocatedJson> elements) implements LocatedJson {}

    record Text(int line, String value) implements LocatedJson {}

    /** A number, true, false or null. */
    record Bare(int line, String value) implements LocatedJson {}

    /** It is not JSON, or has a name twice. */
    final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1;

        private final int line;

        UnreadableException(int line, String reason) {
            super(reason, null, false, false);
            this.line = line;
        }

        int line() {
            return line;
        }
    }

    static LocatedJson parse(String text) throws UnreadableException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new UnreadableException(1, "the file is empty");
            }
            LocatedJson value = value(parser);
            if (parser.nextToken() != null) {
                throw new UnreadableException(line(parser), "there is something behind the closing bracket");
            }
            return value;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new UnreadableException(
                    at == null ? 1 : at.getLineNr(), "this is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnreadableException(1, "the file cannot be read");
        }
    }

    private static LocatedJson value(JsonParser parser) throws IOException, UnreadableException {
        int line = line(parser);
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, LocatedJson> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    int at = line(parser);
                    parser.nextToken();
                    if (members.put(name, value(parser)) != null) {
                        throw new UnreadableException(at, "\"" + name + "\" is there twice");
                    }
                }
                yield new Group(line, members);
            }
            case START_ARRAY -> {
                List<LocatedJson> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield new Items(line, elements);
            }
            case VALUE_STRING -> new Text(line, parser.getText());
            default -> new Bare(line, parser.getText());
        };
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
