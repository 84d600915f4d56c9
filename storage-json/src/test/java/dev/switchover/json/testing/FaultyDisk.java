package dev.switchover.json.testing;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails at calls of the test's choice, and that remembers what was never forced, so that {@link #losePower} can take
 * it back. A write that fails has written its first half. Really forcing is left out: it would only cost time.
 */
public final class FaultyDisk implements Disk {

    private final Disk real = Disk.real();
    private final Path root;
    private final IntPredicate fails;
    private final Map<Path, TrackedFile> names = new HashMap<>();
    /** For each directory what its names may be after a power loss: as forced, or after any of the changes since. */
    private final Map<Path, List<Map<Path, TrackedFile>>> history = new HashMap<>();

    private int calls;
    private final List<String> log = new ArrayList<>();
    private volatile @Nullable Predicate<String> also;
    private @Nullable String corrupting;

    private FaultyDisk(Path root, IntPredicate fails) {
        this.root = root;
        this.fails = fails;
        try (var files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                names.put(file, new TrackedFile(read(file)));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path file : List.copyOf(names.keySet())) {
            historyOf(file);
        }
    }

    public static FaultyDisk sound(Path root) {
        return new FaultyDisk(root, call -> false);
    }

    /** Fails at call {@code n}, counted from 1, and works again afterwards. */
    public static FaultyDisk failingOnceAt(Path root, int n) {
        return new FaultyDisk(root, call -> call == n);
    }

    /** Stops at call {@code n}, counted from 1: that one and all that follow fail. */
    public static FaultyDisk stoppingAt(Path root, int n) {
        return new FaultyDisk(root, call -> call >= n);
    }

    /** From now on calls fail whose description ("force journal-1-1") the test chooses; null: none. */
    public synchronized void failWhen(@Nullable Predicate<String> description) {
        also = description;
    }

    public synchronized int calls() {
        return calls;
    }

    /** The next write to a file with this in its name writes its first byte otherwise, and says nothing. */
    public synchronized void corrupt(String name) {
        corrupting = name;
    }

    private ByteBuffer corrupted(ByteBuffer bytes, Path file) {
        String name = corrupting;
        if (name == null || !file.getFileName().toString().contains(name)) {
            return bytes;
        }
        corrupting = null;
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        copy[0] ^= 1;
        return ByteBuffer.wrap(copy);
    }

    /** What was asked of the disk. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** Leaves in the directory what may be there after a power loss. */
    public synchronized void losePower(Random random) throws IOException {
        Map<Path, byte[]> found = new HashMap<>();
        for (List<Map<Path, TrackedFile>> states : history.values()) {
            states.get(random.nextInt(states.size()))
                    .forEach((name, file) -> found.put(name, file.afterPowerLoss(random)));
        }
        for (Path name : names.keySet()) {
            Files.deleteIfExists(name);
        }
        for (Map.Entry<Path, byte[]> file : found.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
    }

    private void call(String what, Path path) throws IOException {
        calls++;
        String description = what + " " + path.getFileName();
        log.add(description);
        Predicate<String> chosen = also;
        if (fails.test(calls) || chosen != null && chosen.test(description)) {
            throw new IOException("injected at call " + calls + " (" + description + ")");
        }
    }

    private List<Map<Path, TrackedFile>> historyOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return history.computeIfAbsent(directory, path -> new ArrayList<>(List.of(namesIn(path))));
    }

    private Map<Path, TrackedFile> namesIn(@Nullable Path directory) {
        Map<Path, TrackedFile> inside = new HashMap<>();
        names.forEach((name, file) -> {
            if (name.toAbsolutePath().getParent().equals(directory)) {
                inside.put(name, file);
            }
        });
        return inside;
    }

    private void changed(Path file) {
        historyOf(file).add(namesIn(file.toAbsolutePath().getParent()));
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        historyOf(file);
        call("create", file);
        DiskFile opened = real.create(file);
        TrackedFile tracked = new TrackedFile(new byte[0]);
        names.put(file, tracked);
        changed(file);
        return new Faulty(opened, tracked);
    }

    @Override
    public synchronized void copyMode(Path model, Path file) throws IOException {
        call("mode", file);
        real.copyMode(model, file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        historyOf(from);
        call("rename", to);
        real.rename(from, to);
        TrackedFile file = names.remove(from);
        if (file != null) {
            names.put(to, file);
        }
        changed(to);
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        historyOf(file);
        call("delete", file);
        real.delete(file);
        names.remove(file);
        changed(file);
    }

    @Override
    public synchronized void force(Path file) throws IOException {
        TrackedFile tracked = names.get(file);
        try {
            call("force", file);
        } catch (IOException injected) {
            if (tracked != null) {
                tracked.lose();
            }
            throw injected;
        }
        if (tracked != null) {
            tracked.force();
        }
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        call("force", directory);
        Path absolute = directory.toAbsolutePath();
        history.put(absolute, new ArrayList<>(List.of(namesIn(absolute))));
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        call("directory", directory);
        real.createDirectory(directory);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Faulty implements DiskFile {

        private final DiskFile opened;
        private final TrackedFile tracked;

        Faulty(DiskFile opened, TrackedFile tracked) {
            this.opened = opened;
            this.tracked = tracked;
        }

        @Override
        public Path path() {
            return opened.path();
        }

        @Override
        public void write(ByteBuffer given, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                ByteBuffer bytes = corrupted(given, path());
                try {
                    call("write", path());
                } catch (IOException injected) {
                    boolean stopped = fails.test(calls) && fails.test(calls + 1) && fails.test(calls - 1);
                    if (!stopped) {
                        ByteBuffer half = bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
                        tracked.write(half, position);
                        opened.write(half, position);
                    }
                    throw injected;
                }
                tracked.write(bytes, position);
                opened.write(bytes, position);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultyDisk.this) {
                try {
                    call("force", path());
                } catch (IOException injected) {
                    tracked.lose();
                    throw injected;
                }
                tracked.force();
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (FaultyDisk.this) {
                call("truncate", path());
                tracked.truncate(length);
                opened.truncate(length);
            }
        }

        @Override
        public void close() throws IOException {
            opened.close();
        }
    }

    /** Where the disk is. */
    public Path root() {
        return root;
    }
}
