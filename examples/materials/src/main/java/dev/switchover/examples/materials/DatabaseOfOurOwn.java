package dev.switchover.examples.materials;

import dev.switchover.examples.embedded.EmbeddedDatabase;
import dev.switchover.storage.ConfigurationException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The embedded database, or none. A bean of its own, so that it outlives the storage. */
final class DatabaseOfOurOwn implements AutoCloseable {

    private final @Nullable EmbeddedDatabase database;

    DatabaseOfOurOwn(@Nullable EmbeddedDatabase database) {
        this.database = database;
    }

    /** @throws ConfigurationException if the variables name another database */
    void addTo(Map<String, String> variables) {
        if (database == null) {
            return;
        }
        for (String name : List.of("DATABASE_URL", "DATABASE_URL_FILE")) {
            if (!variables.getOrDefault(name, "").isEmpty()) {
                throw new ConfigurationException(
                        List.of(name + " is set, but --embedded-database brings its own database; use one of them"));
            }
        }
        variables.put("DATABASE_URL", database.url());
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
