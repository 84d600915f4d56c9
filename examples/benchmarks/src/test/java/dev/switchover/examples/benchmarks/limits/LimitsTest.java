package dev.switchover.examples.benchmarks.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.examples.benchmarks.peers.Psql;
import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import dev.switchover.postgres.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit that leaves out what it is said to do would lie too low. */
class LimitsTest {

    private static final String BY_ID = "SELECT id, body FROM entries ORDER BY id";

    @TempDir
    Path folder;

    private final Entries entries = new Entries(300);

    @Test
    void aComparisonThroughCopyFindsWhatDiffersAndWhatIsMissing() throws Exception {
        List<Entry> first = entries.first(20);
        Path rows = folder.resolve("rows.tsv");
        Psql.writeRows(rows, first);
        List<Path> halves = List.of(folder.resolve("first"), folder.resolve("second"));
        Copies.writeRows(rows, first.size(), halves);
        List<Entry> changed = new ArrayList<>(first);
        changed.set(19, entries.entry(20, new SplittableRandom(1)));
        List<Entry> more = new ArrayList<>(first);
        more.add(entries.entry(21, new SplittableRandom(1)));
        try (TestDatabase database = TestDatabase.create()) {
            Copies copies = new Copies(Databases.of(database));
            copies.createTable();
            copies.load(halves);
            copies.compareRecords(BY_ID, file(first));
            for (List<Entry> other : List.of(changed, more, first.subList(0, 19))) {
                Path file = file(other);
                assertThatThrownBy(() -> copies.compareRecords(BY_ID, file)).hasMessageContaining("differ");
            }
        }
    }

    /** Set over several lines, as the library does it. */
    private Path file(List<Entry> all) throws Exception {
        Path file = folder.resolve("entries.json");
        Mapper.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), all);
        return file;
    }

    @Test
    void aMarkedUpsertWritesARowAndAMark() throws Exception {
        for (boolean shared : new boolean[] {false, true}) {
            try (TestDatabase database = TestDatabase.create();
                    MarkedUpserts marked = MarkedUpserts.open(Databases.of(database), shared)) {
                marked.load(entries.first(20));
                Entry changed = entries.entry(7, new SplittableRandom(1));
                marked.save(changed);
                marked.save(entries.entry(8, new SplittableRandom(1)));
                try (Connection connection = database.connect();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT body, (SELECT array_agg(id ORDER BY id)::text FROM pending) FROM entries WHERE id = 7")) {
                    row.next();
                    assertThat(Mapper.JSON.readValue(row.getString(1), Entry.class))
                            .isEqualTo(changed);
                    assertThat(row.getString(2)).isEqualTo("{7,8}");
                }
            }
        }
    }

    @Test
    void ourStatementsWriteARowAndAMarkAndTakeItAway() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Entry changed = entries.entry(7, new SplittableRandom(1));
            try (OurStatements ours = OurStatements.open(folder.resolve("appended"), Databases.of(database))) {
                ours.load(entries.first(20));
                ours.save(entries.entry(8, new SplittableRandom(1)));
                ours.save(changed);
            }
            assertThat(Files.readString(folder.resolve("appended"))).contains(Mapper.JSON.writeValueAsString(changed));
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT body, version > place, version = (SELECT max(version) FROM entries), (SELECT"
                                    + " count(*) FROM pending), (SELECT seen_version FROM ledger) = version"
                                    + " FROM entries WHERE id = 7")) {
                row.next();
                assertThat(Mapper.JSON.readValue(row.getString(1), Entry.class)).isEqualTo(changed);
                assertThat(row.getBoolean(2)).isTrue();
                assertThat(row.getBoolean(3)).isTrue();
                assertThat(row.getLong(4)).isZero();
                // Noted only of marks that were there and are gone.
                assertThat(row.getBoolean(5))
                        .as("the newest mark was acknowledged")
                        .isTrue();
            }
        }
    }

    @Test
    void noMarkIsLeftBehindByAFileThatFollows() throws Exception {
        for (boolean shared : new boolean[] {false, true}) {
            try (TestDatabase database = TestDatabase.create()) {
                Path file = folder.resolve("appended-" + shared);
                try (MarkThenAppend marked = MarkThenAppend.open(file, Databases.of(database), shared)) {
                    marked.load(entries.first(20));
                    marked.save(entries.entry(7, new SplittableRandom(1)));
                }
                try (Connection connection = database.connect();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT count(*) FROM pending")) {
                    row.next();
                    assertThat(row.getLong(1)).isZero();
                }
            }
        }
    }
}
