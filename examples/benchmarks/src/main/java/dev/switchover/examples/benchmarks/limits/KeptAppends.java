package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@link SharedForce} with what a store cannot do without besides: what was written is kept to be read, and given back as it was written. */
public final class KeptAppends implements EntryStore {

    public static final String NAME = "the same, kept and given back";

    private final SharedForce appends;
    private final Map<Long, byte[]> kept = new ConcurrentHashMap<>();

    private KeptAppends(SharedForce appends) {
        this.appends = appends;
    }

    public static KeptAppends open(Path file) throws IOException {
        return new KeptAppends(SharedForce.open(file));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) throws IOException {
        for (Entry entry : entries) {
            kept.put(entry.id(), Mapper.JSON.writeValueAsBytes(entry));
        }
    }

    @Override
    public void save(Entry entry) throws Exception {
        byte[] body = Mapper.JSON.writeValueAsBytes(entry);
        appends.append(body);
        kept.put(entry.id(), body);
        if (Mapper.JSON.readValue(body, Entry.class).id() != entry.id()) {
            throw new IllegalStateException("It is not what was written");
        }
    }

    @Override
    public @Nullable Entry find(long id) throws IOException {
        byte[] body = kept.get(id);
        return body == null ? null : Mapper.JSON.readValue(body, Entry.class);
    }

    @Override
    public void close() throws IOException {
        appends.close();
    }
}
