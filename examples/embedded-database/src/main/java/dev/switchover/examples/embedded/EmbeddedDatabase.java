package dev.switchover.examples.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of the service's own, for trying things out without installing one. Its data are kept between runs
 * and forced to disk. It listens on the loopback interface only and, as there, trusts whoever is on this machine.
 *
 * <p>Where {@code directory} is {@code data}, the server's data are in {@code data/postgres} and its messages in {@code
 * data/postgres.log}.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    /** What {@link #url} is like, before the port is known. */
    public static final String ANY_URL = "postgresql://postgres@127.0.0.1:5432/postgres";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> DURABILITY = List.of("fsync", "full_page_writes", "synchronous_commit");

    private final FileChannel lockFile;
    private final EmbeddedPostgres server;

    private EmbeddedDatabase(FileChannel lockFile, EmbeddedPostgres server) {
        this.lockFile = lockFile;
        this.server = server;
    }

    /**
     * Starts the server, creating its data at the first time. A server that a killed service left running is stopped first.
     *
     * @throws EmbeddedDatabaseException if it does not start, with what to do
     */
    public static EmbeddedDatabase start(Path directory) {
        FileChannel lockFile = lock(directory);
        try {
            Path data = directory.resolve("postgres");
            Path log = directory.resolve("postgres.log");
            OwnerOnly.file(log);
            createOnce(directory.resolve("postgres.new"), data, log);
            LeftoverServer.stop(data);
            EmbeddedPostgres server = run(data, log);
            EmbeddedDatabase database = new EmbeddedDatabase(lockFile, server);
            LOG.info("Embedded PostgreSQL {}, kept in {}", database.url(), data);
            return database;
        } catch (IOException | RuntimeException e) {
            unlock(lockFile);
            if (e instanceof EmbeddedDatabaseException known) {
                throw known;
            }
            throw new EmbeddedDatabaseException(
                    "The embedded PostgreSQL did not start: " + e.getMessage() + ". See "
                            + directory.resolve("postgres.log")
                            + "; the server's user must be able to reach and own " + directory.resolve("postgres"),
                    e);
        }
    }

    /** As people write {@code DATABASE_URL}; there is no password. */
    public String url() {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
    }

    public int port() {
        return server.getPort();
    }

    /** Stops the server and keeps its data. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not stop", e);
        } finally {
            unlock(lockFile);
        }
    }

    /** Without it a second service would take the first one's server for a left-over and stop it. */
    private static FileChannel lock(Path directory) {
        Path file = directory.resolve("postgres.lock");
        @Nullable FileChannel channel = null;
        try {
            OwnerOnly.directories(directory);
            OwnerOnly.file(file);
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This process has it: the same answer as for another one.
        } catch (IOException e) {
            throw new EmbeddedDatabaseException("Could not lock " + file + ": " + e, e);
        }
        if (channel != null) {
            unlock(channel);
        }
        throw new EmbeddedDatabaseException(
                "Another service runs the embedded PostgreSQL of " + directory + "; stop it or choose another DATA_DIR",
                null);
    }

    private static void unlock(FileChannel lockFile) {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("Could not let go of the embedded PostgreSQL's lock: {}", e.toString());
        }
    }

    /** In a folder of another name first: being killed half-way then leaves nothing that looks like a database. */
    private static void createOnce(Path unfinished, Path data, Path log) throws IOException {
        if (Files.exists(data)) {
            return;
        }
        LeftoverServer.stop(unfinished);
        delete(unfinished);
        run(unfinished, log).close();
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static EmbeddedPostgres run(Path data, Path log) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // Ours closes the storage first.
                .setRegisterShutdownHook(false)
                .setLocaleConfig("locale", "C")
                .setPGStartupWait(START_TIMEOUT)
                .setOutputRedirector(Redirect.appendTo(log.toFile()));
        DURABILITY.forEach(setting -> builder.setServerConfig(setting, "on"));
        return builder.start();
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
