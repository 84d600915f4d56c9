package dev.switchover.examples.benchmarks.calls;

import dev.switchover.examples.benchmarks.ours.JsonAlone;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.RawDocument;
import dev.switchover.examples.benchmarks.stage.Entries;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import dev.switchover.examples.benchmarks.stage.Folders;
import dev.switchover.examples.benchmarks.stage.Server;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One alternative with its server, its folder and 10,000 entries. */
@State(Scope.Benchmark)
public class OpenedSubject {

    static final int RECORDS = 10_000;

    @Param({"RAW_PGJDBC", "JSON_ALONE", "JSON_ONLY", "JSON_PRIMARY", "DB_PRIMARY", "DB_ONLY"})
    public Subject subject;

    @Param({"300", "2000"})
    public int recordBytes;

    private Path work;
    private Server server;
    private EntryStore store;
    private Entries entries;
    private final AtomicLong lanes = new AtomicLong();

    /** Beside the benchmarks, for what is measured has to lie on a disk. */
    @Setup(Level.Trial)
    public void open() throws Exception {
        Path out = Path.of(System.getProperty("benchmarks.out", "target/benchmarks"))
                .toAbsolutePath();
        Files.createDirectories(out);
        work = Files.createTempDirectory(out, "jmh-");
        server = Server.embedded(work.resolve("postgresql"));
        entries = new Entries(recordBytes);
        Path directory = Files.createDirectories(work.resolve("json"));
        store = switch (subject) {
            case RAW_PGJDBC -> RawDocument.open(server.create());
            case JSON_ALONE -> JsonAlone.open(directory);
            case JSON_ONLY -> phase(Phase.JSON_ONLY, directory);
            case JSON_PRIMARY -> phase(Phase.JSON_PRIMARY, directory);
            case DB_PRIMARY -> phase(Phase.DB_PRIMARY, directory);
            case DB_ONLY -> phase(Phase.DB_ONLY, directory);
        };
        store.load(entries.first(RECORDS));
        server.checkpoint();
    }

    private PhaseStorage phase(Phase phase, Path directory) throws Exception {
        return PhaseStorage.open(
                phase.name(),
                phase,
                TableLayout.document(),
                directory,
                phase == Phase.JSON_ONLY ? null : server.create());
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        store.close();
        server.close();
        Folders.delete(work);
    }

    EntryStore store() {
        return store;
    }

    Entry entry(SplittableRandom random) {
        return entries.entry(id(random), random);
    }

    long id(SplittableRandom random) {
        return 1L + random.nextInt(RECORDS);
    }

    SplittableRandom random() {
        return new SplittableRandom(lanes.incrementAndGet());
    }
}
