package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Appends;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends to a file, with one write and one force for all who wait: group commit and nothing else. */
public final class SharedForce implements EntryStore {

    public static final String NAME = "appends, one force for all";

    private static final int MOST = 4_096;

    private final Appends file;
    private final Flusher<byte[]> flusher;

    private SharedForce(Appends file) {
        this.file = file;
        this.flusher = new Flusher<>("shared-force", 1, MOST, all -> {
            ByteArrayOutputStream group = new ByteArrayOutputStream();
            all.forEach(group::writeBytes);
            file.append(group.toByteArray());
            file.force();
        });
    }

    public static SharedForce open(Path file) throws IOException {
        return new SharedForce(Appends.open(file));
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Nothing is there before the first append. */
    @Override
    public void load(List<Entry> entries) {}

    @Override
    public void save(Entry entry) throws Exception {
        append(Mapper.JSON.writeValueAsBytes(entry));
    }

    /** It is on the disk when this returns. */
    void append(byte[] body) throws Exception {
        flusher.submit(body);
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        flusher.close();
        file.close();
    }
}
