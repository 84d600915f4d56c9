package dev.switchover.examples.expenses.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a child process tells its parent of each write: a line {@code TRY 2 […]} before and {@code ACK 2 […]} after. A line
 * counts once it is there to its end.
 */
final class AckLines implements AckJournal {

    private static final TypeReference<List<Change>> CHANGES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Map<String, String>>> RECORDS = new TypeReference<>() {};

    private final PrintStream out;

    AckLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void tried(int writer, List<Change> changes) {
        print("TRY", writer, changes);
    }

    @Override
    public void acknowledged(int writer, List<Change> changes) {
        print("ACK", writer, changes);
    }

    private void print(String word, int writer, List<Change> changes) {
        try {
            String line = word + " " + writer + " " + Canonical.EXACT.writeValueAsString(changes) + "\n";
            // One call, so that lines of several threads do not mix.
            synchronized (out) {
                out.print(line);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return whether the line told of an acknowledged write */
    static boolean read(String line, AckJournal journal) {
        String[] parts = line.split(" ", 3);
        try {
            List<Change> changes = Canonical.EXACT.readValue(parts[2], CHANGES);
            if (parts[0].equals("TRY")) {
                journal.tried(Integer.parseInt(parts[1]), changes);
                return false;
            }
            journal.acknowledged(Integer.parseInt(parts[1]), changes);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("not a line of a child: " + line, e);
        }
    }

    static void save(Path file, Map<String, Map<String, String>> records) throws IOException {
        Files.write(file, Canonical.EXACT.writeValueAsBytes(records));
    }

    static Map<String, Map<String, String>> load(Path file) throws IOException {
        return new TreeMap<>(Canonical.EXACT.readValue(Files.readAllBytes(file), RECORDS));
    }
}
