package dev.switchover.examples.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.examples.benchmarks.stage.Databases;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import dev.switchover.postgres.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer that does less than it says would make the library look slow. */
class PeersTest {

    @TempDir
    Path folder;

    private final Entries entries = new Entries(300);

    @Test
    void aRewrittenFileHoldsEveryRecordAndTheLastSave() throws Exception {
        holdsEveryRecordAndTheLastSave(new RewrittenFile(folder.resolve("entries.json")));
    }

    @Test
    void aModifiedFileHoldsEveryRecordAndTheLastSave() throws Exception {
        holdsEveryRecordAndTheLastSave(new ReadModifyWrite(folder.resolve("entries.json")));
    }

    @Test
    void jsondbFindsWhatWasLoadedAndTheLastSave() throws Exception {
        try (Jsondb jsondb = new Jsondb(folder.resolve("jsondb"))) {
            findsWhatWasLoadedAndTheLastSave(jsondb);
        }
    }

    @Test
    void rawRecordsAreFoundAsLoadedAndAsSavedLast() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                RawDocument raw = RawDocument.open(Databases.of(database))) {
            findsWhatWasLoadedAndTheLastSave(raw);
        }
    }

    /** They take seconds to start. */
    @Test
    @Tag("slow")
    void mappersFindWhatWasLoadedAndTheLastSave() throws Exception {
        try (TestDatabase one = TestDatabase.create();
                TestDatabase other = TestDatabase.create();
                SpringData spring = SpringData.open(Databases.of(one));
                Hibernate hibernate = Hibernate.open(Databases.of(other))) {
            findsWhatWasLoadedAndTheLastSave(spring);
            findsWhatWasLoadedAndTheLastSave(hibernate);
        }
    }

    private void findsWhatWasLoadedAndTheLastSave(EntryStore store) throws Exception {
        List<Entry> first = entries.first(20);
        store.load(first);
        Entry changed = entries.entry(7, new SplittableRandom(1));
        store.save(changed);
        assertThat(store.find(7)).as(store.name()).isEqualTo(changed);
        assertThat(store.find(8)).as(store.name()).isEqualTo(first.get(7));
    }

    @Test
    void aMigrationOfBothStagesWritesBothStores() throws Exception {
        for (boolean live : new boolean[] {false, true}) {
            try (TestDatabase database = TestDatabase.create()) {
                RewrittenFile file = new RewrittenFile(folder.resolve("both-" + live + ".json"));
                RawDocument table = RawDocument.open(Databases.of(database));
                try (LaunchDarkly both = live ? LaunchDarkly.live(file, table) : LaunchDarkly.dualWrite(file, table)) {
                    both.load(entries.first(20));
                    Entry changed = entries.entry(7, new SplittableRandom(1));
                    both.save(changed);
                    assertThat(both.find(7)).isEqualTo(changed);
                    assertThat(file.find(7)).isEqualTo(changed);
                    assertThat(table.find(7)).isEqualTo(changed);
                }
            }
        }
    }

    @Test
    void anOutboxNotesEachSaveInItsTransaction() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Outbox outbox = Outbox.open(Databases.of(database))) {
            outbox.load(entries.first(20));
            outbox.save(entries.entry(7, new SplittableRandom(1)));
            outbox.save(entries.entry(8, new SplittableRandom(1)));
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM txno_outbox")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(2);
            }
        }
    }

    private void holdsEveryRecordAndTheLastSave(EntryStore store) throws Exception {
        store.load(entries.first(20));
        Entry changed = entries.entry(7, new SplittableRandom(1));
        store.save(changed);
        assertThat(store.find(7)).isEqualTo(changed);
        JsonNode file = Mapper.JSON.readTree(folder.resolve("entries.json").toFile());
        assertThat(file).hasSize(20);
        assertThat(Mapper.JSON.treeToValue(file.get(6), Entry.class)).isEqualTo(changed);
    }

    @Test
    void entriesAreAboutAsLongAsAsked() throws Exception {
        for (int bytes : new int[] {300, 2_000}) {
            for (Entry entry : new Entries(bytes).first(50)) {
                assertThat(Mapper.JSON.writeValueAsBytes(entry).length).isBetween(bytes * 9 / 10, bytes * 11 / 10);
            }
        }
    }
}
