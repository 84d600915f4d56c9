package dev.switchover.examples.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.switchover.examples.benchmarks.stage.Database;

/** Connections for the peers. */
final class Pools {

    /** As many as the library has by default. */
    static final int SIZE = 10;

    private Pools() {}

    static HikariDataSource open(Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(SIZE);
        config.setMinimumIdle(SIZE);
        config.setAutoCommit(true);
        config.setPoolName("benchmark-peer");
        return new HikariDataSource(config);
    }
}
