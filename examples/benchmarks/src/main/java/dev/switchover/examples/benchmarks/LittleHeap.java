package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.Psql;
import dev.switchover.examples.benchmarks.stage.ChildProcess;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An export in a process of its own whose heap holds a part of the records only; it ends when the heap does not suffice. */
final class LittleHeap {

    static final int MEBIBYTES = 64;

    private LittleHeap() {}

    /** Exports what a database holds: its URL's parts, then a directory and the folder to be written. */
    public static void main(String[] arguments) {
        Database database = Database.ofWords(List.of(arguments));
        PhaseStorage.export(
                Phase.DB_ONLY, TableLayout.document(), Path.of(arguments[5]), database, Path.of(arguments[6]));
    }

    /** @param rows as {@link Psql#writeRows} has written them */
    static Job job(Bench bench, Database database, Path rows) throws Exception {
        Path directory = bench.folder("database-only");
        Path out = bench.folder("little-heap");
        AtomicInteger exports = new AtomicInteger();
        PhaseStorage.open("database only", Phase.DB_ONLY, TableLayout.document(), directory, database)
                .close();
        new Psql(database).run("\\copy entries (id, body) from '" + rows + "'");
        return new Job("export by a new process with " + MEBIBYTES + " MiB of heap", () -> {
            Path into = out.resolve("export-" + exports.incrementAndGet());
            return () -> child(database, directory, into);
        });
    }

    private static void child(Database database, Path directory, Path into) throws Exception {
        List<String> arguments = new ArrayList<>(database.words());
        arguments.add(directory.toString());
        arguments.add(into.toString());
        ChildProcess.run(List.of("-Xmx" + MEBIBYTES + "m"), LittleHeap.class, arguments);
    }
}
