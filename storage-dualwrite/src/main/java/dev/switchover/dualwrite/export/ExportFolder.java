package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.request.MessageFile;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A folder that exports are written to: no storage's own, held against other exporters while it is open. Beside the files lies
 * {@code .switchover-export.json}, which says what the last export wrote; a file that it does not name is somebody else's and never
 * replaced.
 */
final class ExportFolder implements AutoCloseable {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final String LOCK = ".switchover-export.lock";
    private static final String NOTE = ".switchover-export.json";
    private static final int LONGEST_NOTE = 4 << 20;

    private final Path folder;
    private final FileChannel channel;
    private final MessageFile note;

    private ExportFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
        this.note = new MessageFile(folder.resolve(NOTE), LONGEST_NOTE);
    }

    /** Whether the folder is this storage's own directory, under whatever name. */
    static boolean isOwn(Path folder, @Nullable Path directory) throws IOException {
        return directory != null
                && (folder.toAbsolutePath()
                                .normalize()
                                .equals(directory.toAbsolutePath().normalize())
                        || Files.exists(folder) && Files.exists(directory) && Files.isSameFile(folder, directory));
    }

    /**
     * Makes the folder unless it exists, and holds it.
     *
     * @throws RequestFailedException if files must not be written there
     */
    static ExportFolder open(Path folder, Collection<CollectionSchema<?, ?>> schemas) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw refused(folder + " is a file; name a folder");
        }
        Path place = folder.toAbsolutePath().normalize();
        requireNoStorage(place);
        Disk.real().createDirectory(place);
        Path real = place.toRealPath();
        requireNoStorage(real);
        ExportFolder opened = new ExportFolder(real, lock(real));
        boolean done = false;
        try {
            opened.requireOwnFiles(schemas);
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    private static void requireNoStorage(Path folder) {
        for (Path part : folder) {
            if (part.toString().equals(".switchover")) {
                throw refused(folder + " is inside a storage's folder .switchover; choose another folder");
            }
        }
        if (Files.exists(new StoreDirectory(folder).hidden(), LinkOption.NOFOLLOW_LINKS)) {
            throw refused(
                    folder + " is the live folder of a storage: it has a folder .switchover. Choose another folder");
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw refused("Another export is writing to " + folder + "; try again when it has ended");
        }
        return channel;
    }

    /** What no export wrote is somebody's: perhaps the live file of a service that this library does not know. */
    private void requireOwnFiles(Collection<CollectionSchema<?, ?>> schemas) throws IOException {
        Set<String> ours = known();
        for (CollectionSchema<?, ?> schema : schemas) {
            String name = schema.definition().fileName();
            Path file = folder.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !ours.contains(name)) {
                throw refused(
                        file + " is there already and no export wrote it; move it away, or choose another folder");
            }
        }
    }

    private Set<String> known() throws IOException {
        Set<String> names = new HashSet<>();
        noted().path("files").forEach(one -> names.add(one.asText()));
        return names;
    }

    private JsonNode noted() throws IOException {
        Optional<byte[]> text = note.read();
        if (text.isPresent()) {
            try {
                return MAPPER.readTree(text.get());
            } catch (JsonProcessingException damaged) {
                throw refused(note.path() + " cannot be read: " + damaged.getOriginalMessage()
                        + ". Delete it and the files of exports beside it, or choose another folder");
            }
        }
        return MissingNode.getInstance();
    }

    /** The file may be all that is left of what a store put back to an older copy has lost, or be that of another service. */
    void requireOnward(CollectionSchema<?, ?> schema, Origin origin) throws IOException {
        String name = schema.definition().fileName();
        Origin before = Origin.read(noted().path("origins").path(name));
        String objection = before == null || !Files.exists(file(schema), LinkOption.NOFOLLOW_LINKS)
                ? null
                : origin.objection(before);
        if (objection != null) {
            throw refused(
                    file(schema) + " " + objection + "; it was not replaced. Move it away, or choose another folder");
        }
    }

    Path file(CollectionSchema<?, ?> schema) {
        return folder.resolve(schema.definition().fileName());
    }

    Path path() {
        return folder;
    }

    /** Names the files as ours, before they are put in place: what is killed in between can be done again. */
    void claim(Collection<CollectionSchema<?, ?>> schemas, Map<CollectionSchema<?, ?>, Origin> origins)
            throws IOException {
        JsonNode before = noted();
        Set<String> names = new TreeSet<>(known());
        schemas.forEach(schema -> names.add(schema.definition().fileName()));
        ObjectNode json = MAPPER.createObjectNode();
        ArrayNode files = json.putArray("files");
        names.forEach(files::add);
        ObjectNode noted = json.putObject("origins");
        if (before.path("origins") instanceof ObjectNode others) {
            noted.setAll(others);
        }
        schemas.forEach(schema -> noted.remove(schema.definition().fileName()));
        origins.forEach((schema, origin) ->
                origin.write(noted.putObject(schema.definition().fileName())));
        note.write(MAPPER.writeValueAsBytes(json), UUID.randomUUID().toString());
    }

    private static RequestFailedException refused(String message) {
        return new RequestFailedException("export", message);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
