package dev.switchover.examples.expenses.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Opens the storage as its environment says and writes, until it is killed. */
final class ChildWriter {

    private ChildWriter() {}

    /** Arguments: the JSON directory, the file of the records to begin with, a tag. */
    public static void main(String[] args) throws IOException {
        Map<String, Map<String, String>> records = AckLines.load(Path.of(args[1]));
        // Never closed: this process ends by being killed.
        Session session = Session.open(Path.of(args[0]), System.getenv());
        session.awaitInSync();
        new Traffic(
                        args[2],
                        session,
                        new AckLines(System.out),
                        records.getOrDefault(StoreReader.EXPENSES, Map.of()),
                        records.getOrDefault(StoreReader.EARTHQUAKES, Map.of()))
                .run(() -> true, Duration.ZERO);
    }
}
