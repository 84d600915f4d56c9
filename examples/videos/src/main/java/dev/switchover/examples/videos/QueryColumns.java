package dev.switchover.examples.videos;

import dev.switchover.postgres.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nested values once more, as {@code jsonb}, for queries of people: {@code SELECT * FROM videos WHERE counts ? 'Psalms'}. The
 * library keeps their exact text, which {@code jsonb} would not; the server makes these columns from that, so that they cannot differ.
 */
final class QueryColumns {

    private static final Logger LOG = LoggerFactory.getLogger(QueryColumns.class);

    private static final int LOGIN_SECONDS = 3;
    private static final List<String> NAMES = List.of("counts", "suspect_counts", "positions");
    private static final String THERE =
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'videos'"
                    + " AND column_name IN ('counts', 'suspect_counts', 'positions')";
    private static final String ADD = NAMES.stream()
            .map(name ->
                    "ADD COLUMN IF NOT EXISTS " + name + " jsonb GENERATED ALWAYS AS (" + name + "_text::jsonb) STORED")
            .collect(Collectors.joining(", ", "SET LOCAL lock_timeout = '5s'; ALTER TABLE videos ", ""));

    private QueryColumns() {}

    /** Adds those that are missing. That they could not be added is logged: nothing but queries by hand needs them. */
    static void add(Map<String, String> variables) {
        try (Connection connection = connect(variables);
                Statement statement = connection.createStatement()) {
            // Looked for first: the other statement waits for everybody who reads or writes.
            try (ResultSet row = statement.executeQuery(THERE)) {
                if (row.next() && row.getInt(1) == NAMES.size()) {
                    return;
                }
            }
            connection.setAutoCommit(false);
            statement.execute(ADD);
            connection.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("DATABASE_URL_FILE cannot be read", e);
        } catch (SQLException e) {
            LOG.warn(
                    "The jsonb columns of the table videos could not be added (SQLSTATE {}); the next start tries again",
                    e.getSQLState());
        }
    }

    private static Connection connect(Map<String, String> variables) throws IOException, SQLException {
        String url = variables.getOrDefault("DATABASE_URL", "");
        if (url.isEmpty()) {
            url = Files.readString(Path.of(variables.getOrDefault("DATABASE_URL_FILE", "")));
        }
        DataSource database = DatabaseUrl.parse(url).dataSource();
        database.setLoginTimeout(LOGIN_SECONDS);
        return database.getConnection();
    }
}
