package dev.switchover.examples.benchmarks.peers;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limit for one durable write into a file: one append into space that is there already, and one force for each. It is
 * what the disk takes; nothing is kept to read.
 */
public final class ForcedAppend implements EntryStore {

    public static final String NAME = "append and force";

    private static final long PREALLOCATED = 64L << 20;

    private final FileChannel channel;
    private long position;

    private ForcedAppend(FileChannel channel) {
        this.channel = channel;
    }

    public static ForcedAppend open(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        for (long at = 0; at < PREALLOCATED; at += zeros.capacity()) {
            zeros.clear();
            channel.write(zeros, at);
        }
        channel.force(true);
        return new ForcedAppend(channel);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) {}

    @Override
    public void save(Entry entry) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Mapper.JSON.writeValueAsBytes(entry));
        synchronized (this) {
            if (position + bytes.remaining() > PREALLOCATED) {
                position = 0;
            }
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
            channel.force(false);
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        throw new UnsupportedOperationException("It only writes");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
