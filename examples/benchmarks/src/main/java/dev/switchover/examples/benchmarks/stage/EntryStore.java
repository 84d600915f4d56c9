package dev.switchover.examples.benchmarks.stage;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place for entries: the library in one of its phases, or a peer. Every save is durable when it returns. Safe for use by
 * several threads.
 */
public interface EntryStore extends AutoCloseable {

    /** As it is shown in the report. */
    String name();

    /** Fills the empty store; not measured. */
    void load(List<Entry> entries) throws Exception;

    /** Stores the entry, whether or not there is one with its id. */
    void save(Entry entry) throws Exception;

    /** @return the entry as an object of its own, or null */
    @Nullable
    Entry find(long id) throws Exception;

    @Override
    void close() throws IOException;
}
