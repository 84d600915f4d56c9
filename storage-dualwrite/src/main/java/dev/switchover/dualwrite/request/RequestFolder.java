package dev.switchover.dualwrite.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;

/** {@code .switchover/requests}: for each request a file, and another one for its answer. Thread-safe. */
final class RequestFolder {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final int LONGEST_REQUEST = 64 << 10;
    private static final int LONGEST_ANSWER = 2 << 20;
    private static final int MOST = 1_000;
    private static final String REQUEST = ".request.json";
    private static final String ANSWER = ".answer.json";

    private final Path folder;
    private final String writer = UUID.randomUUID().toString();

    RequestFolder(Path directory) {
        this.folder = new StoreDirectory(directory).requests();
    }

    Path path() {
        return folder;
    }

    /** The hidden folder has to exist: without one nobody holds the directory. */
    void write(Request request) throws IOException {
        Disk.real().createDirectory(folder);
        ObjectNode json = MAPPER.createObjectNode()
                .put("id", request.id())
                .put("kind", request.kind())
                .put("pid", request.pid())
                .put("host", request.host())
                .put("expires", request.expires().toString());
        ObjectNode arguments = json.putObject("arguments");
        new TreeMap<>(request.arguments()).forEach(arguments::put);
        file(request.id(), REQUEST, LONGEST_REQUEST).write(MAPPER.writeValueAsBytes(json), writer);
    }

    /**
     * The requests that stand, in no order; what is none is left out.
     *
     * @param unreadable told of each file that may be one but cannot be read; it keeps no other out
     */
    List<Request> requests(BiConsumer<Path, IOException> unreadable) throws IOException {
        List<Request> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + REQUEST)) {
            for (Path file : files) {
                if (found.size() < MOST) {
                    try {
                        read(file).ifPresent(found::add);
                    } catch (IOException e) {
                        unreadable.accept(file, e);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return found;
        }
        return found;
    }

    private static Optional<Request> read(Path file) throws IOException {
        try {
            Optional<byte[]> text = new MessageFile(file, LONGEST_REQUEST).read();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            JsonNode json = MAPPER.readTree(text.get());
            Map<String, String> arguments = new TreeMap<>();
            json.path("arguments")
                    .properties()
                    .forEach(argument ->
                            arguments.put(argument.getKey(), argument.getValue().asText("")));
            Request request = new Request(
                    json.path("id").asText(""),
                    json.path("kind").asText(""),
                    arguments,
                    json.path("pid").asLong(),
                    json.path("host").asText(""),
                    Instant.parse(json.path("expires").asText("")));
            boolean itsOwn = String.valueOf(file.getFileName()).equals(request.id() + REQUEST);
            return itsOwn ? Optional.of(request) : Optional.empty();
        } catch (com.fasterxml.jackson.core.JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty(); // half a file of somebody else's making asks for nothing
        }
    }

    /** Leaves no answer to a request that is taken back meanwhile: either this sees it, or who takes it back the answer. */
    void write(String id, Answer answer) throws IOException {
        file(id, ANSWER, LONGEST_ANSWER).write(text(answer), writer);
        if (!stands(id)) {
            remove(id);
        }
    }

    /** Whether an answer can be written, being not longer than its readers take. */
    static boolean fits(Answer answer) {
        long least = (long) answer.message().length() + answer.result().length();
        return least <= LONGEST_ANSWER && text(answer).length <= LONGEST_ANSWER;
    }

    private static byte[] text(Answer answer) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("holder", answer.holder())
                .put("state", answer.state().name())
                .put("done", answer.done());
        answer.total().ifPresent(total -> json.put("total", total));
        json.put("message", answer.message())
                .put("result", answer.result())
                .put("at", answer.at().toString());
        Store away = answer.away();
        if (away != null) {
            json.put("away", away.name());
        }
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer has no JSON form", e);
        }
    }

    Optional<Answer> answer(String id) throws IOException {
        try {
            Optional<byte[]> text = file(id, ANSWER, LONGEST_ANSWER).read();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            JsonNode json = MAPPER.readTree(text.get());
            return Optional.of(new Answer(
                    json.path("holder").asText(""),
                    Answer.State.valueOf(json.path("state").asText("")),
                    json.path("done").asLong(),
                    json.has("total") ? OptionalLong.of(json.path("total").asLong()) : OptionalLong.empty(),
                    json.path("message").asText(""),
                    json.path("result").asText(""),
                    Instant.parse(json.path("at").asText("")),
                    json.has("away") ? Store.valueOf(json.path("away").asText("")) : null));
        } catch (com.fasterxml.jackson.core.JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the request has not been taken back, as far as can be seen. */
    boolean stands(String id) {
        return !Files.notExists(folder.resolve(id + REQUEST));
    }

    /** Takes a request back, or clears it away after its answer was read. */
    void remove(String id) throws IOException {
        file(id, REQUEST, LONGEST_REQUEST).delete();
        file(id, ANSWER, LONGEST_ANSWER).delete();
    }

    private MessageFile file(String id, String ending, int longest) {
        return new MessageFile(folder.resolve(id + ending), longest);
    }
}
