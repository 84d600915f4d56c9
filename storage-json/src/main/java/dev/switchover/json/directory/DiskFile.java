package dev.switchover.json.directory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file open for writing. Used by one thread that nobody interrupts: an interrupt would close the channel. */
public interface DiskFile extends Closeable {

    Path path();

    /** Writes all of {@code bytes} at {@code position}. When it throws, any part of them may be in the file. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** The content is on the disk when this returns. After it threw, nothing is known about the content: never call it again. */
    void force() throws IOException;

    /** Cuts the file. */
    void truncate(long length) throws IOException;
}
