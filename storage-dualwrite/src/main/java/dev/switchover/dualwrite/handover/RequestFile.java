package dev.switchover.dualwrite.handover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The file a request is made in, {@code .switchover/take-over.json}. The last request counts. It is a message between processes
 * that run, so it need not survive a power failure.
 */
final class RequestFile {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final long LONGEST = 10_000;

    private final Path file;

    RequestFile(Path directory) {
        this.file = new StoreDirectory(directory).takeOver();
    }

    void write(TakeOverRequest request) {
        Path temporary = file.resolveSibling("take-over-" + request.nonce() + ".tmp");
        try {
            byte[] text = MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                    .put("nonce", request.nonce())
                    .put("pid", request.pid())
                    .put("host", request.host())
                    .put("expires", request.expires().toString()));
            try (SeekableByteChannel created = Files.newByteChannel(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    ownerOnly())) {
                ByteBuffer bytes = ByteBuffer.wrap(text);
                while (bytes.hasRemaining()) {
                    created.write(bytes);
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "The holder of the directory could not be asked for it: " + file + " cannot be written",
                    e);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** The request that stands; what is no request is none. */
    Optional<TakeOverRequest> read() {
        try {
            if (Files.size(file) > LONGEST) {
                return Optional.empty();
            }
            JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
            String nonce = json.path("nonce").asText("");
            if (nonce.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new TakeOverRequest(
                    nonce,
                    json.path("pid").asLong(),
                    json.path("host").asText(""),
                    Instant.parse(json.path("expires").asText(""))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | DateTimeException e) {
            return Optional.empty(); // half a file of somebody else's making asks for nothing
        }
    }

    /** Takes the request back, unless a later one stands. */
    void remove(TakeOverRequest request) {
        if (read().filter(standing -> standing.nonce().equals(request.nonce())).isPresent()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // It expires by itself.
            }
        }
    }
}
