package dev.switchover.examples.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.nio.file.Path;
import java.util.SplittableRandom;
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
