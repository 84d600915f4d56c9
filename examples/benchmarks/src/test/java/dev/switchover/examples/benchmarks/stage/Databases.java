package dev.switchover.examples.benchmarks.stage;

import dev.switchover.postgres.testing.TestDatabase;
import java.net.URI;

/** Databases of the tests as the benchmarks know them. */
public final class Databases {

    private Databases() {}

    public static Database of(TestDatabase database) {
        URI uri = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        return new Database(
                uri.getHost(), uri.getPort(), uri.getPath().substring(1), database.user(), database.password());
    }
}
