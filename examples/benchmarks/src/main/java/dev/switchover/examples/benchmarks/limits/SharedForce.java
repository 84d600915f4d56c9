package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Appends;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file, with one write and one force for all who wait: group commit and nothing else. Or with what a store cannot do without
 * besides: what was written is kept to be read, and given back as it was written.
 */
public final class SharedForce implements EntryStore {

    public static final String NAME = "appends, one force for all";

    public static final String KEEPING = "the same, kept and given back";

    private static final int MOST = 4_096;

    private final Appends file;
    private final Flusher<byte[]> flusher;
    private final @Nullable Map<Long, byte[]> kept;

    private SharedForce(Appends file, boolean keeping) {
        this.file = file;
        this.kept = keeping ? new ConcurrentHashMap<>() : null;
        this.flusher = new Flusher<>("shared-force", 1, MOST, all -> {
            ByteArrayOutputStream group = new ByteArrayOutputStream();
            all.forEach(group::writeBytes);
            file.append(group.toByteArray());
            file.force();
        });
    }

    public static SharedForce open(Path file) throws IOException {
        return new SharedForce(Appends.open(file), false);
    }

    public static SharedForce openKeeping(Path file) throws IOException {
        return new SharedForce(Appends.open(file), true);
    }

    @Override
    public String name() {
        return kept == null ? NAME : KEEPING;
    }

    @Override
    public void load(List<Entry> entries) throws IOException {
        if (kept != null) {
            for (Entry entry : entries) {
                kept.put(entry.id(), Mapper.JSON.writeValueAsBytes(entry));
            }
        }
    }

    @Override
    public void save(Entry entry) throws Exception {
        byte[] body = Mapper.JSON.writeValueAsBytes(entry);
        flusher.submit(body);
        if (kept != null) {
            kept.put(entry.id(), body);
            if (Mapper.JSON.readValue(body, Entry.class).id() != entry.id()) {
                throw new IllegalStateException("It is not what was written");
            }
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        byte[] body = kept == null ? null : kept.get(id);
        try {
            return body == null ? null : Mapper.JSON.readValue(body, Entry.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        flusher.close();
        file.close();
    }
}
