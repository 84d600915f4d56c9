package dev.switchover.examples.benchmarks.limits;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An entry as its caller hands it over, so that whoever writes for all has nothing else to do. */
record Row(long id, String body) {

    static Row of(Entry entry) throws JsonProcessingException {
        return new Row(entry.id(), Mapper.JSON.writeValueAsString(entry));
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Of one id the last; in the order of their ids, or two connections would block each other.
     *
     * @param sql its parameters: arrays of ids and of bodies
     */
    static void write(Connection connection, String sql, List<Row> rows) throws SQLException {
        Map<Long, String> last = new TreeMap<>();
        rows.forEach(row -> last.put(row.id, row.body));
        try (PreparedStatement upsert = connection.prepareStatement(sql)) {
            upsert.setArray(1, connection.createArrayOf("bigint", last.keySet().toArray()));
            upsert.setArray(2, connection.createArrayOf("text", last.values().toArray()));
            upsert.executeUpdate();
        }
    }
}
