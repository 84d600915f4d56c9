package dev.switchover.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Something done on a connection that is somebody else's to open, commit and close. */
@FunctionalInterface
interface SqlWork<R> {

    R on(Connection connection) throws SQLException;
}
