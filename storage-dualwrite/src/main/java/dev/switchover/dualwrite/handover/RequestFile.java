package dev.switchover.dualwrite.handover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.dualwrite.request.MessageFile;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The file a newcomer asks in, {@code .switchover/take-over.json}. The last request counts.
 */
final class RequestFile {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final int LONGEST = 10_000;

    private final MessageFile file;

    RequestFile(Path directory) {
        this.file = new MessageFile(new StoreDirectory(directory).takeOver(), LONGEST);
    }

    void write(TakeOverRequest request) {
        try {
            byte[] text = MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                    .put("nonce", request.nonce())
                    .put("pid", request.pid())
                    .put("host", request.host())
                    .put("expires", request.expires().toString()));
            file.write(text, request.nonce());
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "The holder of the directory could not be asked for it: " + file.path() + " cannot be written",
                    e);
        }
    }

    /** The request that stands; what is no request is none. */
    Optional<TakeOverRequest> read() {
        try {
            Optional<byte[]> text = file.read();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            JsonNode json = MAPPER.readTree(text.get());
            String nonce = json.path("nonce").asText("");
            if (nonce.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new TakeOverRequest(
                    nonce,
                    json.path("pid").asLong(),
                    json.path("host").asText(""),
                    Instant.parse(json.path("expires").asText(""))));
        } catch (IOException | DateTimeException e) {
            return Optional.empty(); // half a file of somebody else's making asks for nothing
        }
    }

    /** Takes the request back, unless a later one stands. */
    void remove(TakeOverRequest request) {
        if (read().filter(standing -> standing.nonce().equals(request.nonce())).isPresent()) {
            try {
                file.delete();
            } catch (IOException e) {
                // It expires by itself.
            }
        }
    }
}
