package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.util.List;
import java.util.Optional;

/** The calls that are measured, the same for every store. */
final class StoreCalls {

    private StoreCalls() {}

    /** Saves one of {@code records} loaded entries anew, picked at random. */
    static Alternative save(EntryStore store, String name, Entries entries, int records) {
        return new Alternative(name, lane -> {
            long id = 1L + lane.random().nextInt(records);
            store.save(entries.entry(id, lane.random()));
            return null;
        });
    }

    /** Finds one of {@code records} loaded entries, picked at random. */
    static Alternative find(EntryStore store, String name, int records) {
        return new Alternative(name, lane -> {
            long id = 1L + lane.random().nextInt(records);
            return Optional.ofNullable(store.find(id))
                    .orElseThrow(() -> new IllegalStateException(name + " has lost entry " + id));
        });
    }

    /** Of those that are ours; the others have nothing to wait for. */
    static void requireInSync(List<EntryStore> stores) {
        for (EntryStore store : stores) {
            if (store instanceof PhaseStorage ours) {
                ours.requireInSync();
            }
        }
    }
}
