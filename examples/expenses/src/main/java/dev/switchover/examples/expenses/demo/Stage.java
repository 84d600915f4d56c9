package dev.switchover.examples.expenses.demo;

import dev.switchover.examples.embedded.CuttableProxy;
import dev.switchover.examples.embedded.EmbeddedDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What the story plays on: a temporary directory with the existing file, and a PostgreSQL behind a way that can be cut. */
final class Stage implements AutoCloseable {

    private final Path root;
    private final Path directory;
    private final EmbeddedDatabase database;
    private final CuttableProxy way;

    private Stage(Path root, Path directory, EmbeddedDatabase database, CuttableProxy way) {
        this.root = root;
        this.directory = directory;
        this.database = database;
        this.way = way;
    }

    static Stage set(Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve("data"));
        try (InputStream file = Stage.class.getResourceAsStream("earthquakes.json")) {
            Files.copy(Objects.requireNonNull(file), directory.resolve("earthquakes.json"));
        }
        EmbeddedDatabase database = EmbeddedDatabase.start(root.resolve("server"));
        // Ctrl-C must leave no server behind. Closing twice does no harm.
        Runtime.getRuntime().addShutdownHook(new Thread(database::close, "demo-shutdown"));
        return new Stage(root, directory, database, new CuttableProxy(database.port()));
    }

    Path root() {
        return root;
    }

    Path directory() {
        return directory;
    }

    CuttableProxy way() {
        return way;
    }

    /** Not by the library's way. */
    StoreReader reader() {
        return new StoreReader(directory, "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres?user=postgres");
    }

    /** The environment of a service in this phase. */
    Map<String, String> environment(Phase phase) {
        return Map.of(
                "DATABASE_URL", "postgresql://postgres@127.0.0.1:" + way.port() + "/postgres",
                "FF_USE_DATABASE_STORAGE", Boolean.toString(phase.databasePhase()),
                "FF_DUAL_WRITE_ENABLED", Boolean.toString(phase.mirrored()));
    }

    @Override
    public void close() throws IOException {
        way.close();
        database.close();
    }

    static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
