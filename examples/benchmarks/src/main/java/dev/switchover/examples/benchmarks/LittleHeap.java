package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.ours.PhaseStorage;
import dev.switchover.examples.benchmarks.peers.Psql;
import dev.switchover.examples.benchmarks.stage.ChildProcess;
import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An export in a process of its own whose heap holds a part of the records only; it ends when the heap does not suffice. */
final class LittleHeap implements AutoCloseable {

    private static final int MEBIBYTES = 64;
    private static final List<String> HEAP = List.of("-Xmx" + MEBIBYTES + "m");

    private final List<String> arguments;
    private final Path out;
    private final AtomicInteger exports = new AtomicInteger();
    private final ChildProcess.Answering running;

    private LittleHeap(List<String> arguments, Path out) throws Exception {
        this.arguments = arguments;
        this.out = out;
        this.running = ChildProcess.answering(HEAP, LittleHeap.class, arguments);
    }

    /**
     * Exports what a database holds: its URL's parts, then a directory, then the folder to be written; or without that one into
     * each folder that is asked for by a line.
     */
    public static void main(String[] arguments) throws IOException {
        Database database = Database.ofWords(List.of(arguments));
        Path directory = Path.of(arguments[5]);
        if (arguments.length > 6) {
            export(database, directory, arguments[6]);
            return;
        }
        BufferedReader folders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String folder = folders.readLine(); folder != null; folder = folders.readLine()) {
            export(database, directory, folder);
            System.out.println(folder);
        }
    }

    private static void export(Database database, Path directory, String folder) {
        PhaseStorage.export(Phase.DB_ONLY, TableLayout.document(), directory, database, Path.of(folder));
    }

    /** @param rows as {@link Psql#writeRows} has written them */
    static LittleHeap open(Bench bench, Database database, Path rows) throws Exception {
        Path directory = bench.folder("database-only");
        PhaseStorage.open("database only", Phase.DB_ONLY, TableLayout.document(), directory, database)
                .close();
        new Psql(database).run("\\copy entries (id, body) from '" + rows + "'");
        List<String> arguments = new ArrayList<>(database.words());
        arguments.add(directory.toString());
        return new LittleHeap(arguments, bench.folder("little-heap"));
    }

    /** By a process that has been running, as a service has. */
    Job job() {
        return new Job("export by a process with " + MEBIBYTES + " MiB of heap", () -> {
            String into = next();
            return () -> running.ask(into);
        });
    }

    /** By a process that is started for it. */
    Job newProcess() {
        return new Job("export by a new process with " + MEBIBYTES + " MiB of heap", () -> {
            List<String> all = new ArrayList<>(arguments);
            all.add(next());
            return () -> ChildProcess.run(HEAP, LittleHeap.class, all);
        });
    }

    private String next() {
        return out.resolve("export-" + exports.incrementAndGet()).toString();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }
}
