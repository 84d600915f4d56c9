package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One store that leads and one that follows, each waited for on the caller's thread, and nothing between them. */
public final class InSequence implements EntryStore {

    private final String name;
    private final EntryStore first;
    private final EntryStore second;

    /** Closes both. */
    public InSequence(String name, EntryStore first, EntryStore second) {
        this.name = name;
        this.first = first;
        this.second = second;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        first.load(entries);
        second.load(entries);
    }

    @Override
    public void save(Entry entry) throws Exception {
        first.save(entry);
        second.save(entry);
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
