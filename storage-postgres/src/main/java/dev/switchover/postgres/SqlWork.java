package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Something done on a connection that is somebody else's to open, commit and close. */
@FunctionalInterface
interface SqlWork<R extends @Nullable Object> {

    R on(Connection connection) throws SQLException;
}
