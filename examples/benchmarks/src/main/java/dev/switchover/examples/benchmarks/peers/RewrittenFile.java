package dev.switchover.examples.benchmarks.peers;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records in memory; each save writes all of them with Jackson. */
public final class RewrittenFile implements EntryStore {

    public static final String NAME = "rewriting the file";

    private final WholeFile file;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    public RewrittenFile(Path file) {
        this.file = new WholeFile(file);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized void load(List<Entry> all) throws IOException {
        all.forEach(entry -> entries.put(entry.id(), entry));
        file.replace(entries.values());
    }

    @Override
    public synchronized void save(Entry entry) throws IOException {
        entries.put(entry.id(), entry);
        file.replace(entries.values());
    }

    @Override
    public synchronized @Nullable Entry find(long id) {
        return entries.get(id);
    }

    @Override
    public void close() {}
}
