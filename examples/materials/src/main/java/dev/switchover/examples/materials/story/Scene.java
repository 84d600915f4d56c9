package dev.switchover.examples.materials.story;

import dev.switchover.examples.embedded.CuttableProxy;
import dev.switchover.examples.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the story is played on: a folder, a PostgreSQL, a way to it that can be cut. Used by one thread. */
final class Scene implements AutoCloseable {

    private final Path root;
    private final EmbeddedDatabase database;
    private final CuttableProxy way;
    private final PrintStream out;

    private Scene(Path root, EmbeddedDatabase database, CuttableProxy way, PrintStream out) {
        this.root = root;
        this.database = database;
        this.way = way;
        this.out = out;
    }

    static Scene set(Path root, PrintStream out) throws IOException {
        out.println("starting PostgreSQL in " + root);
        EmbeddedDatabase database = EmbeddedDatabase.start(root.resolve("server"));
        return new Scene(root, database, new CuttableProxy(database.port()), out);
    }

    /** @param flags {@code USE_DATABASE=true} and so on */
    ServiceProcess start(String title, String... flags) throws IOException {
        out.println();
        out.println(title + (flags.length == 0 ? "" : ": " + String.join(" ", flags)));
        Map<String, String> environment = new HashMap<>();
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            environment.put(flag.substring(0, equals), flag.substring(equals + 1));
        }
        environment.put("DATA_DIR", data().toString());
        environment.put("DATABASE_URL", "postgresql://postgres@127.0.0.1:" + way.port() + "/postgres");
        environment.put("ADMIN_TOKEN", Visitor.TOKEN);
        environment.put("SAMPLE_DATA", "true");
        return ServiceProcess.start(environment, root.resolve("service.log"));
    }

    CuttableProxy way() {
        return way;
    }

    String file() throws IOException {
        return Files.readString(data().resolve("materials.json"));
    }

    /** Says what was seen. @throws IllegalStateException if it is not so */
    void see(boolean so, String what) {
        out.println("  " + (so ? "ok     " : "WRONG  ") + what);
        if (!so) {
            throw new IllegalStateException(what + ": it is not so; everything is kept in " + root);
        }
    }

    private Path data() {
        return root.resolve("data");
    }

    @Override
    public void close() throws IOException {
        way.close();
        database.close();
    }
}
