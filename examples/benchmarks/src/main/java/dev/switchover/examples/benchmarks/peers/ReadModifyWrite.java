package dev.switchover.examples.benchmarks.peers;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What services do by hand: read the file with Jackson, change one record, write the file. */
public final class ReadModifyWrite implements EntryStore {

    public static final String NAME = "read, modify, rewrite";

    private static final TypeReference<ArrayList<Entry>> ENTRIES = new TypeReference<>() {};

    private final WholeFile file;

    public ReadModifyWrite(Path file) {
        this.file = new WholeFile(file);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized void load(List<Entry> entries) throws IOException {
        file.replace(entries);
    }

    @Override
    public synchronized void save(Entry entry) throws IOException {
        List<Entry> entries = read();
        int place = 0;
        while (place < entries.size() && entries.get(place).id() != entry.id()) {
            place++;
        }
        if (place < entries.size()) {
            entries.set(place, entry);
        } else {
            entries.add(entry);
        }
        file.replace(entries);
    }

    @Override
    public synchronized @Nullable Entry find(long id) throws IOException {
        return read().stream().filter(entry -> entry.id() == id).findFirst().orElse(null);
    }

    private List<Entry> read() throws IOException {
        return Mapper.JSON.readValue(file.path().toFile(), ENTRIES);
    }

    @Override
    public void close() {}
}
