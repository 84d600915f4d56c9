package dev.switchover.examples.benchmarks.peers;

import dev.switchover.examples.benchmarks.stage.Appends;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit for one durable write into a file: one append into space that is there already, and one force for each. It is
 * what the disk takes; nothing is kept to read.
 */
public final class ForcedAppend implements EntryStore {

    public static final String NAME = "append and force";

    private final Appends file;

    private ForcedAppend(Appends file) {
        this.file = file;
    }

    public static ForcedAppend open(Path file) throws IOException {
        return new ForcedAppend(Appends.open(file));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) {}

    @Override
    public void save(Entry entry) throws IOException {
        byte[] bytes = Mapper.JSON.writeValueAsBytes(entry);
        synchronized (this) {
            file.append(bytes);
            file.force();
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
