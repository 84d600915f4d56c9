package dev.switchover.json.testing;

import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** The real disk, of which some calls wait and others go on meanwhile. */
public final class WaitingDisk extends DelegatingDisk {

    private final CountDownLatch goOn;
    private volatile Predicate<String> waits = call -> false;

    public WaitingDisk(CountDownLatch goOn) {
        this.goOn = goOn;
    }

    /** From now on calls wait whose description ("write journal-1-1", "rename books.json") the test chooses. */
    public void waitWhen(Predicate<String> description) {
        waits = description;
    }

    private void call(String what, Path path) {
        if (waits.test(what + " " + path.getFileName())) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        DiskFile opened = super.create(file);
        return new DiskFile() {
            @Override
            public Path path() {
                return opened.path();
            }

            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                call("write", file);
                opened.write(bytes, position);
            }

            @Override
            public void force() throws IOException {
                call("force", file);
                opened.force();
            }

            @Override
            public void truncate(long length) throws IOException {
                opened.truncate(length);
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call("rename", to);
        super.rename(from, to);
    }
}
