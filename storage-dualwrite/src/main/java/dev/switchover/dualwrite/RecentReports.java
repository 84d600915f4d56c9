package dev.switchover.dualwrite;

import dev.switchover.dualwrite.report.Reports;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The last reports of each collection, read again every few seconds. Thread-safe. */
final class RecentReports {

    private static final Duration READ_EVERY = Duration.ofSeconds(3);

    private final Reports reports;
    private final Map<CollectionSchema<?, ?>, Read> known = new ConcurrentHashMap<>();

    private record Read(LastReports reports, long at) {}

    RecentReports(Reports reports) {
        this.reports = reports;
    }

    LastReports of(CollectionSchema<?, ?> schema) {
        long now = System.nanoTime();
        Read before = known.get(schema);
        if (before != null && now - before.at() < READ_EVERY.toNanos()) {
            return before.reports();
        }
        Read read = new Read(LastReports.of(reports, schema), now);
        known.put(schema, read);
        return read.reports();
    }
}
