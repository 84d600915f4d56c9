package dev.switchover.examples.benchmarks.peers;

import dev.switchover.examples.benchmarks.stage.Database;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** PostgreSQL's own client, where it is installed: what people move rows with when they need no service meanwhile. */
public final class Psql {

    private final Database database;

    public Psql(Database database) {
        this.database = database;
    }

    /** Whether it is on the {@code PATH}. */
    public static boolean isThere() throws InterruptedException {
        try {
            return process("psql", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Rows of id and JSON, in the text format of {@code COPY}. */
    public static void writeRows(Path file, List<Entry> entries) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Entry entry : entries) {
                out.write(Long.toString(entry.id()));
                out.write('\t');
                out.write(Mapper.JSON.writeValueAsString(entry).replace("\\", "\\\\"));
                out.write('\n');
            }
        }
    }

    /** @throws IllegalStateException with what it said, if it failed */
    public void run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = process(
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                database.host(),
                "-p",
                Integer.toString(database.port()),
                "-U",
                database.user(),
                "-d",
                database.name(),
                "-c",
                command);
        builder.environment().put("PGPASSWORD", database.password());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("psql failed: " + said);
        }
    }

    private static ProcessBuilder process(String... command) {
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
